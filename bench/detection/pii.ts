import { count, type Figure, type Group } from './figure.ts';
import { isOrdinary, ORDINARY_SETS, type Row, readRows } from './rows.ts';
import { covers, isCaught, runPolicy } from './run-policy.ts';

interface SpanRow extends Row {
  readonly spans: readonly { readonly type: string; readonly start: number; readonly end: number }[];
}

/** Type of the synthetic set → our rule. */
const TYPES = {
  EMAIL_ADDRESS: 'pii.email',
  CREDIT_CARD: 'pii.credit_card',
  IBAN_CODE: 'pii.iban',
  US_SSN: 'pii.us_ssn',
  IP_ADDRESS: 'pii.ip',
  PHONE_NUMBER: 'pii.phone',
};
/** File of recogniser vectors → our rule is not needed: any finding counts, as the reference counts. */
const VECTORS = new Set(['credit_card', 'email', 'iban', 'ip', 'phone', 'us_ssn']);
const RECALL = { bound: 'least', floor: 95, aim: 99 } as const;

/** Structured personal data: recall by type, agreement with published vectors, false positives on ordinary text. */
export function measurePii(data: string): Group {
  const rows = readRows<SpanRow>(data, 'pii/presidio_research_synth_v2').map((row) => ({
    row,
    verdict: runPolicy('pii-detector', row.text),
  }));
  const spans = rows.flatMap(({ row, verdict }) => row.spans.map((span) => ({ ...span, verdict })));
  const structured = spans.filter(({ type }) => type in TYPES);
  const found = ({ verdict, start, end }: (typeof spans)[number]) => covers(verdict, 'pii.', start, end);
  const byType = Object.keys(TYPES).map((type) =>
    count(
      `recall, ${type}`,
      structured.filter((span) => span.type === type),
      found,
      { bound: 'least' },
    ),
  );
  return {
    title: 'Personal data',
    figures: [
      count('recall, all structured types', structured, found, RECALL),
      ...byType,
      vectors(data),
      ordinary(data),
    ],
  };
}

function vectors(data: string): Figure {
  const rows = readRows<Row & { entity: string; expected_count: number }>(data, 'pii/presidio_test_vectors');
  return count(
    'agreement with Presidio vectors of these types',
    rows.filter(({ entity }) => VECTORS.has(entity)),
    ({ text, expected_count }) => isCaught(runPolicy('pii-detector', text)) === expected_count > 0,
    { bound: 'least', floor: 97, aim: 99.5 },
  );
}

function ordinary(data: string): Figure {
  const rows = ORDINARY_SETS.flatMap((set) => readRows(data, set)).filter(isOrdinary);
  return count(
    'ordinary texts with a finding (real addresses in them counted too)',
    rows,
    ({ text }) => isCaught(runPolicy('pii-detector', text)),
    { bound: 'most', floor: 0.5, aim: 0.1 },
  );
}
