import { count, type Figure, type Group } from './figure.ts';
import { PRESIDIO, STDNUM } from './pii-vectors.ts';
import { isOrdinary, ORDINARY_SETS, type Row, readRows } from './rows.ts';
import { covers, isCaught, runPolicy } from './run-policy.ts';

interface SpanRow extends Row {
  readonly spans: readonly { readonly type: string; readonly start: number; readonly end: number }[];
}

/** Type of the synthetic set → our rule. */
const TYPES: Readonly<Record<string, string>> = {
  EMAIL_ADDRESS: 'pii.email',
  CREDIT_CARD: 'pii.card',
  IBAN_CODE: 'pii.iban',
  US_SSN: 'pii.ssn',
  IP_ADDRESS: 'pii.ip',
  PHONE_NUMBER: 'pii.phone',
};
/** Mail and the data of mail and calendar tools: true addresses and numbers are what they are made of. */
const CORRESPONDENCE = ['benign/llmail_clean_emails', 'benign/agentdojo_tool_data'];
const AGREEMENT = { bound: 'least', floor: 97, aim: 99.5 } as const;
/** Kinds without a check digit or a grammar: what the references accept there is a matter of taste. */
const SHAPE_ONLY = new Set([
  'phone',
  'passport',
  'driving_licence',
  'bank_account',
  'uk_driving_licence',
  'it_identity_card',
  'in_pan',
  'in_voter',
  'in_gstin',
  'sg_nric',
  'de_bsnr',
  'us_itin',
  'us_ein',
  'us_mbi',
  'uk_nino',
  'ar_dni',
  'pk_cnic',
]);
/** Every kind, so that each vector can be answered; the references know no private addresses and no modes. */
const ALL_KINDS = { healthcare_mode: true, private_ips: true };

/** Structured personal data: recall by type, agreement with published vectors, false positives on ordinary text. */
export function measurePii(data: string): Group {
  const vectors = [...stdnumRows(data), ...presidioRows(data)];
  const checked = vectors.filter(({ entity }) => !SHAPE_ONLY.has(entity));
  const figures = [
    ...recall(data),
    count('agreement with checksum vectors (stdnum, Presidio)', checked, agrees, AGREEMENT),
    ...(['stdnum', 'presidio'] as const).map((from) =>
      count(
        `– ${from}`,
        checked.filter((vector) => vector.from === from),
        agrees,
        { bound: 'least' },
      ),
    ),
    count(
      'agreement, kinds that have a shape only (passports, licences, phones, …)',
      vectors.filter(({ entity }) => SHAPE_ONLY.has(entity)),
      agrees,
      { bound: 'least' },
    ),
    ...ordinary(data),
  ];
  return { title: 'Personal data', figures };
}

function recall(data: string): Figure[] {
  const spans = readRows<SpanRow>(data, 'pii/presidio_research_synth_v2').flatMap((row) => {
    const verdict = runPolicy('pii-detector', row.text);
    return row.spans.map((span) => ({ ...span, verdict }));
  });
  type Found = (typeof spans)[number];
  const hidden = ({ verdict, start, end }: Found) => covers(verdict, 'pii.', start, end);
  const named = ({ verdict, type, start, end }: Found) => covers(verdict, TYPES[type] ?? '', start, end);
  const structured = spans.filter(({ type }) => type in TYPES);
  return [
    count('recall, all structured types', structured, hidden, { bound: 'least', floor: 95, aim: 99 }),
    count('– and called by the right name', structured, named, { bound: 'least' }),
    ...Object.keys(TYPES).map((type) =>
      count(
        `recall, ${type}`,
        spans.filter((span) => span.type === type),
        hidden,
        { bound: 'least' },
      ),
    ),
    count(
      'recall, all other types (names, streets, places, organisations, …)',
      spans.filter(({ type }) => !(type in TYPES)),
      hidden,
      { bound: 'least' },
    ),
  ];
}

/** One vector: a text, the kind it is about, and whether the reference finds that kind in it. */
interface Vector {
  readonly from: 'stdnum' | 'presidio';
  readonly text: string;
  readonly entity: string;
  readonly expected: boolean;
}

const agrees = ({ text, entity, expected }: Vector) =>
  runPolicy('pii-detector', text, ALL_KINDS).findings.some(({ rule }) => rule === `pii.${entity}`) ===
  expected;

function stdnumRows(data: string): Vector[] {
  const rows = readRows<Row & { number_type: string; valid: number }>(data, 'pii/stdnum_test_vectors');
  return rows.flatMap(({ text, number_type, valid }) =>
    toVector('stdnum', STDNUM[number_type], text, valid === 1),
  );
}

function presidioRows(data: string): Vector[] {
  const rows = readRows<Row & { entity: string; expected_count: number }>(data, 'pii/presidio_test_vectors');
  return rows.flatMap(({ text, entity, expected_count }) =>
    toVector('presidio', PRESIDIO[entity], text, expected_count > 0),
  );
}

function toVector(
  from: Vector['from'],
  hint: readonly [string, string] | undefined,
  text: string,
  expected: boolean,
): Vector[] {
  if (!hint) return [];
  const [entity, word] = hint;
  return [{ from, entity, text: word === '' ? text : `${word}: ${text}`, expected }];
}

function ordinary(data: string): Figure[] {
  const sets = ORDINARY_SETS.filter((set) => !CORRESPONDENCE.includes(set));
  const [plain = [], letters = []] = [sets, CORRESPONDENCE].map((names) =>
    names
      .flatMap((set) => readRows(data, set))
      .filter(isOrdinary)
      .map(({ text }) => runPolicy('pii-detector', text)),
  );
  return [
    count(
      'ordinary texts with a finding that is no e-mail address',
      plain,
      ({ findings }) => findings.some(({ rule }) => rule !== 'pii.email'),
      { bound: 'most', floor: 0.5, aim: 0.1 },
    ),
    count('ordinary texts with any finding (addresses in them counted too)', plain, isCaught, {
      bound: 'most',
    }),
    count('mails and tool data with a finding (true data counted too)', letters, isCaught, { bound: 'most' }),
  ];
}
