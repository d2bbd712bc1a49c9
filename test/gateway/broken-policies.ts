import * as z from 'zod';
import {
  allow,
  type Catalogue,
  definePolicy,
  type Inspector,
  type OutputPart,
  type Policy,
  type StreamNeed,
  type Verdict,
} from '#core/policy/policy.ts';

/** What the tests plant in texts: nothing of it may show up in what a failure leaves behind. */
export const CANARY = 'canary-5417-in-the-text';

export const TIMEOUT_MS = 40;

const unreadable = (): never => {
  throw new Error(`cannot read ${CANARY}`);
};
const hang = () => {
  for (const until = performance.now() + 2.5 * TIMEOUT_MS; performance.now() < until; );
};
const says = (verdict: object) => ({ ...allow(1), ...verdict }) as Verdict;

/** Ways an input phase can break its contract, and what the record says of each. */
export const BROKEN_INPUTS: readonly [what: string, input: () => Verdict, error: RegExp][] = [
  ['throws', unreadable, /^threw Error$/],
  [
    'throws no error',
    () => {
      throw CANARY;
    },
    /^threw$/,
  ],
  ['overflows the stack', () => BROKEN_INPUTS[2]?.[1]() as Verdict, /^threw RangeError$/],
  [
    'hangs',
    () => {
      hang();
      return allow(1);
    },
    /^took \d+ ms, timeout_ms is 40$/,
  ],
  ['returns nothing', () => undefined as never, /^returned no verdict/],
  ['returns a promise', () => Promise.resolve(allow(1)) as never, /^returned no verdict/],
  ['returns an unknown action', () => says({ action: 'pass' }), /^returned no verdict: action$/],
  ['redacts without saying what', () => says({ action: 'redact' }), /^returned no edits/],
  [
    'edits outside the text',
    () => says({ action: 'redact', edits: [{ leaf: 0, start: 0, end: 9e9, replacement: '', rule: 'x' }] }),
    /^returned an edit outside the text$/,
  ],
];

const inspecting = (more: Partial<Inspector>): OutputPart => ({
  inspector: () => ({ need: 'window', leftContext: 0, find: () => [], hold: (text) => text.length, ...more }),
});

/** The same for the output phase. */
export const BROKEN_OUTPUTS: readonly [
  what: string,
  output: () => OutputPart,
  error: RegExp,
  need: StreamNeed,
][] = [
  ['throws when it is opened', unreadable, /^threw Error$/, 'window'],
  ['throws while it looks', () => inspecting({ find: unreadable }), /^threw Error$/, 'window'],
  ['throws while it holds', () => inspecting({ hold: unreadable }), /^threw Error$/, 'window'],
  [
    'hangs while it looks',
    () =>
      inspecting({
        find: () => {
          hang();
          return [];
        },
      }),
    /^took \d+ ms, timeout_ms is 40$/,
    'window',
  ],
  [
    'finds no list',
    () => inspecting({ find: () => undefined as never }),
    /^find returned no list$/,
    'window',
  ],
  ['holds outside the text', () => inspecting({ hold: () => -1 }), /^hold lies outside the text$/, 'window'],
  [
    'finds something outside the text',
    () => inspecting({ find: () => [{ start: 0, end: 9e9, rule: 'x', score: 1, action: 'flag' }] }),
    /^match outside the text or out of order$/,
    'window',
  ],
  ['throws when it judges', () => ({ judge: unreadable }), /^threw Error$/, 'whole'],
  ['judges nonsense', () => ({ judge: () => ({}) as never }), /^returned no verdict/, 'whole'],
];

/** A catalogue of one policy, kind `broken`. */
export function brokenCatalogue(
  parts: Pick<Policy, 'input' | 'output'>,
  need: StreamNeed = 'window',
): Catalogue {
  const policy = definePolicy({
    kind: 'broken',
    phases: parts.input ? ['input'] : ['output'],
    summary: 'Breaks its contract',
    settings: z.strictObject({}),
    needs: () => need,
    ...parts,
  });
  return new Map([[policy.kind, policy]]);
}
