import { catalogue } from '#policies/catalogue.ts';
import { factsOf, inputOf } from '../../test/policies/exchange.ts';
import { findInPieces } from '../../test/policies/inspector-contract.ts';
import { edited } from '../../test/policies/run.ts';
import { count, type Group } from './figure.ts';
import { type Row, readRows } from './rows.ts';
import { runOn } from './run-policy.ts';

/** Redacted texts come back whole when the model repeats them, wherever the stream is cut in two. */
export function measureRoundTrip(data: string): Group {
  const rows = readRows(data, 'pii/presidio_research_synth_v2');
  const redacted = rows.map(redact).filter(({ sent, text }) => sent !== text);
  return {
    title: 'Redaction round trip',
    figures: [count('restored at every cut', redacted, comesBack, { bound: 'least', floor: 100, aim: 100 })],
  };
}

function redact({ text }: Row) {
  const input = inputOf(text);
  const facts = factsOf(input);
  const [sent = ''] = edited(input, runOn('pii-detector', input, {}, facts));
  return { text, sent, facts };
}

function comesBack({ text, sent, facts }: ReturnType<typeof redact>): boolean {
  const policy = catalogue.get('pii-detector');
  for (let cut = 0; cut <= sent.length; cut += 1) {
    const inspector = policy?.output?.(policy.settings.parse({}), facts).inspector?.('content');
    if (!inspector) return false;
    const matches = findInPieces(inspector, [sent.slice(0, cut), sent.slice(cut)]);
    const answer = matches
      .toReversed()
      .reduce(
        (rest, { start, end, replacement = '' }) => rest.slice(0, start) + replacement + rest.slice(end),
        sent,
      );
    if (answer !== text) return false;
  }
  return true;
}
