import type { PolicyRecord } from '#core/ledger/event.ts';
import { stronger } from '#core/policy/chain.ts';
import type { Action, FieldKind } from '#core/policy/policy.ts';
import { decisionOf, type GoldenDecision, type GoldenExchange } from './golden-decision.ts';
import type { Expectation } from './golden-file.ts';
import { renamed } from './golden-placeholders.ts';

const SHOWN = 300;

/** Holds an exchange against what was expected of it; `streamed` is the same exchange with its answer cut. */
export function compareGolden(
  expect: Expectation,
  whole: GoldenExchange,
  streamed: GoldenExchange,
): GoldenDecision & { readonly differences: string[] } {
  const decision = decisionOf(whole);
  const differences = [
    ...fields(expect, decision),
    ...missingRules(expect.rules ?? [], whole),
    ...said(expect.said ?? {}, whole),
    ...retried(expect.retry, whole),
    ...sameText('forwarded', expect.forwarded, forwarded(whole)),
    ...absent('forwarded', expect.not_forwarded ?? [], allForwarded(whole)),
    ...sameText('served', expect.served, served(whole)),
    ...absent('served', expect.not_served ?? [], allServed(whole)),
    ...sameStream(whole, streamed),
  ];
  return { ...decision, differences };
}

function fields(expect: Expectation, decision: GoldenDecision): string[] {
  return (['verdict', 'phase', 'policy', 'reason'] as const).flatMap((name) => {
    const wanted = expect[name];
    const is = decision[name];
    return wanted === undefined || wanted === is ? [] : [`${name}: expected ${wanted}, is ${is ?? 'none'}`];
  });
}

function recordsOf({ input, output }: GoldenExchange): PolicyRecord[] {
  return [...input.outcome.records, ...(output?.outcome.records ?? [])];
}

function missingRules(rules: readonly string[], exchange: GoldenExchange): string[] {
  const found = new Set(recordsOf(exchange).flatMap((record) => Object.keys(record.rules)));
  const shown = found.size > 0 ? [...found].join(', ') : 'none';
  return rules.filter((rule) => !found.has(rule)).map((rule) => `rules: ${rule} is not among ${shown}`);
}

function said(expected: Readonly<Record<string, Action>>, exchange: GoldenExchange): string[] {
  return Object.entries(expected).flatMap(([kind, wanted]) => {
    const records = recordsOf(exchange).filter((record) => record.kind === kind);
    if (records.length === 0) return [`said: ${kind} did not run`];
    const is = records.map(({ action }) => action).reduce(stronger, 'allow');
    return is === wanted ? [] : [`said: expected ${kind} to ${wanted}, it said ${is}`];
  });
}

function retried(wanted: boolean | undefined, { output }: GoldenExchange): string[] {
  const is = output?.outcome.retry !== undefined;
  return wanted === undefined || wanted === is ? [] : [`retry: expected ${wanted}, is ${is}`];
}

/** Texts of the last message. Undefined when nothing is forwarded. */
function forwarded(exchange: GoldenExchange): string | undefined {
  const { input, nameOf } = exchange;
  if (input.stopped) return undefined;
  const { leaves } = input.outcome;
  const last = leaves.reduce((most, { message }) => Math.max(most, message), -1);
  const texts = leaves.filter(({ message, fixed }) => message === last && !fixed).map(({ text }) => text);
  return renamed(texts.join('\n'), nameOf);
}

function allForwarded({ input, nameOf }: GoldenExchange): string[] {
  return input.stopped ? [] : input.outcome.leaves.map(({ text }) => renamed(text, nameOf));
}

function served(exchange: GoldenExchange): string | undefined {
  return exchange.output && renamed(fieldText(exchange, 'content'), exchange.nameOf);
}

function fieldText({ output }: GoldenExchange, kind: FieldKind): string {
  const pieces = output?.released.filter((piece) => piece.kind === kind) ?? [];
  return pieces.map(({ text }) => text).join('');
}

function allServed(exchange: GoldenExchange): string[] {
  const kinds = ['content', 'reasoning', 'refusal', 'tool-name', 'tool-arguments'] as const;
  return kinds.map((kind) => renamed(fieldText(exchange, kind), exchange.nameOf));
}

function sameText(what: string, wanted: string | undefined, is: string | undefined): string[] {
  if (wanted === undefined || wanted === is) return [];
  return [`${what}: expected ${quoted(wanted)}, is ${is === undefined ? 'nothing' : quoted(is)}`];
}

function absent(what: string, unwanted: readonly string[], texts: readonly string[]): string[] {
  return unwanted
    .filter((one) => texts.some((text) => text.includes(one)))
    .map((one) => `${what}: holds ${quoted(one)}, which it must not`);
}

/** What the client gets must not depend on how the provider cut its answer. */
function sameStream(whole: GoldenExchange, streamed: GoldenExchange): string[] {
  const [one, other] = [decisionOf(whole), decisionOf(streamed)];
  if (one.verdict !== other.verdict) {
    return [
      `stream: the verdict is ${other.verdict} when the answer comes in pieces, ${one.verdict} otherwise`,
    ];
  }
  const same = allServed(whole).join('\0') === allServed(streamed).join('\0');
  return same ? [] : ['stream: another text is served when the answer comes in pieces'];
}

function quoted(text: string): string {
  return JSON.stringify(text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);
}
