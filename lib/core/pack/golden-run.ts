import type { JsonObject } from '#core/json.ts';
import type { AnswerDelta } from '#core/policy/answer.ts';
import { type DryOutput, type DryRunner, dryInput, dryOutput, refusesParts } from './dry-run.ts';
import { compareGolden } from './golden-compare.ts';
import type { GoldenDecision } from './golden-decision.ts';
import type { GoldenAnswer, GoldenCase } from './golden-file.ts';
import { placeholderNames, renamed } from './golden-placeholders.ts';

/** How one case ended. Without differences it passed. */
export interface GoldenResult extends GoldenDecision {
  readonly name: string;
  readonly line: number;
  readonly differences: readonly string[];
}

/** A token of most models is about this long. */
const PIECE = 4;

/** Runs one case through the real chain and guard: the answer once in one piece and once as a stream. */
export function runGolden(runner: DryRunner, one: GoldenCase): GoldenResult {
  const input = dryInput(runner, requestOf(one, runner));
  const answer = input.stopped ? undefined : answerOf(one);
  const nameOf = placeholderNames(input);
  const placeholderOf = new Map([...nameOf].map(([placeholder, name]) => [name, placeholder]));
  const guarded = (size: number): DryOutput | undefined =>
    answer && dryOutput(runner, input, deltasOf(answer, placeholderOf, size), answer.finish_reason);

  const refusedParts = refusesParts(runner.pack, input.unscannedParts);
  const whole = { input, output: guarded(Number.POSITIVE_INFINITY), refusedParts, nameOf };
  const streamed = { input, output: guarded(PIECE), refusedParts, nameOf };
  return { name: one.name, line: one.line, ...compareGolden(one.expect, whole, streamed) };
}

function requestOf({ prompt, request }: GoldenCase, { pack }: DryRunner): JsonObject {
  const model = pack.targets[0]?.model ?? '';
  if (request) return { model, ...(request as JsonObject) };
  return { model, messages: [{ role: 'user', content: prompt ?? 'Hello' }] };
}

function answerOf({ answer, response }: GoldenCase): GoldenAnswer | undefined {
  return answer === undefined ? response : { content: answer, finish_reason: 'stop' };
}

/** The answer's fields in the order a provider sends them, in pieces of `size` characters. */
function deltasOf(
  answer: GoldenAnswer,
  placeholderOf: ReadonlyMap<string, string>,
  size: number,
): AnswerDelta[] {
  const { content, reasoning, refusal, tool_calls = [] } = answer;
  const fields: (AnswerDelta | undefined)[] = [
    field('reasoning', reasoning),
    field('content', content),
    field('refusal', refusal),
    ...tool_calls.flatMap(({ name, arguments: given }, index) => [
      field('tool-name', name, index),
      field('tool-arguments', given, index),
    ]),
  ];
  return fields
    .filter((one) => one !== undefined)
    .flatMap((one) => pieces(renamed(one.text, placeholderOf), size).map((text) => ({ ...one, text })));
}

function field(kind: AnswerDelta['kind'], text: string | undefined, index = 0): AnswerDelta | undefined {
  return text === undefined ? undefined : { choice: 0, kind, index, text };
}

function pieces(text: string, size: number): string[] {
  if (text.length <= size) return [text];
  const letters = [...text];
  const cuts = Math.ceil(letters.length / size);
  return Array.from({ length: cuts }, (_, i) => letters.slice(i * size, (i + 1) * size).join(''));
}
