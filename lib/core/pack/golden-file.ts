import * as z from 'zod';
import { isObject } from '#core/json.ts';
import type { Catalogue } from '#core/policy/policy.ts';
import { ACTIONS } from '#core/policy/policy.ts';
import { checkPart, unknownWord } from './explain-issue.ts';
import type { Problem } from './pack.ts';
import { readYaml, type YamlSource } from './yaml-source.ts';

const text = z.string().max(200_000);
const texts = z.array(text.min(1)).min(1).max(50);
const rule = z.string().min(1).max(200);

const ToolCall = z.strictObject({ name: z.string().min(1).max(200), arguments: text.default('{}') });

/** What the provider answers, in a golden case. */
const GoldenAnswer = z.strictObject({
  content: text.optional(),
  reasoning: text.optional(),
  refusal: text.optional(),
  tool_calls: z.array(ToolCall).min(1).max(20).optional(),
  finish_reason: z.string().min(1).max(40).default('stop'),
});
export type GoldenAnswer = z.infer<typeof GoldenAnswer>;

const Expectation = z.strictObject({
  verdict: z
    .enum(['allowed', 'redacted', 'flagged', 'blocked', 'escalated'])
    .describe('Of the whole exchange: the stronger one of its two phases'),
  phase: z.enum(['input', 'output']).optional().describe('Where it was decided'),
  policy: rule.optional().describe('The kind that decided'),
  reason: rule.optional().describe('Its reason code'),
  rules: z.array(rule).min(1).max(50).optional().describe('Rule ids that must be among the findings'),
  said: z
    .record(z.string(), z.enum(ACTIONS))
    .optional()
    .describe('The strongest action of single policies, also of those that only observe'),
  retry: z.boolean().optional().describe('Another answer of the provider is asked for first'),
  forwarded: text.optional().describe('The last message as the provider gets it'),
  not_forwarded: texts.optional().describe('Texts that no part of the forwarded request holds'),
  served: text.optional().describe('The content the client gets'),
  not_served: texts.optional().describe('Texts that no part of the served answer holds'),
});
export type Expectation = z.infer<typeof Expectation>;

const GoldenCase = z
  .strictObject({
    name: z.string().min(1).max(200),
    prompt: text.min(1).optional().describe('Short for a request with one message of the user'),
    request: z
      .looseObject({
        messages: z
          .array(z.looseObject({ role: z.string() }))
          .min(1)
          .max(200),
      })
      .optional()
      .describe('A chat completions body'),
    answer: text.optional().describe('Short for a response with this content'),
    response: GoldenAnswer.optional(),
    expect: Expectation,
  })
  .refine(({ prompt, request }) => prompt === undefined || request === undefined, {
    path: ['request'],
    message: 'says the same as prompt; keep one of them',
  })
  .refine(({ answer, response }) => answer === undefined || response === undefined, {
    path: ['response'],
    message: 'says the same as answer; keep one of them',
  })
  .refine(({ prompt, request, answer, response }) => [prompt, request, answer, response].some(isGiven), {
    message: 'needs a prompt or request, or an answer or response',
  });
export type GoldenCase = z.infer<typeof GoldenCase> & { readonly line: number };

/** Golden cases of one pack: what goes in and what must come out. */
export const GoldenFile = z.strictObject({ cases: z.array(GoldenCase).min(1).max(1000) });

/** Reads the text of a golden file. Either all cases with their lines, or every problem; `file` is only used in messages. */
export function readGolden(
  content: string,
  file: string,
  catalogue: Catalogue,
): { readonly cases: GoldenCase[] } | { readonly problems: Problem[] } {
  const read = readYaml(content, file);
  if ('problems' in read) return read;
  const { source } = read;
  if (!isObject(source.data))
    return { problems: [source.problem('E005', [], 'must be a mapping with cases')] };
  const checked = checkPart(GoldenFile, source.data, source);
  if ('problems' in checked) return checked;
  const { cases } = checked.value;
  const problems = cases.flatMap((one, index) => wrongNames(one.expect, index, catalogue, source));
  if (problems.length > 0) return { problems };
  return { cases: cases.map((one, index) => ({ ...one, line: lineOf(source, index) })) };
}

function isGiven(value: unknown): boolean {
  return value !== undefined;
}

function lineOf(source: YamlSource, index: number): number {
  return source.problem('', ['cases', index, 'name'], '').line;
}

/** An expectation about a policy that does not exist could never be met. */
function wrongNames(expect: Expectation, index: number, catalogue: Catalogue, source: YamlSource): Problem[] {
  const kinds = [...catalogue.keys()];
  const place = ['cases', index, 'expect'];
  const said = Object.keys(expect.said ?? {}).filter((kind) => !catalogue.has(kind));
  const decided = expect.policy === undefined || kinds.includes(expect.policy) ? [] : [expect.policy];
  return [
    ...decided
      .filter((kind) => kind !== UNSCANNED_PARTS)
      .map((kind) => source.problem('E001', [...place, 'policy'], unknownWord('policy', kind, kinds))),
    ...said.map((kind) =>
      source.keyProblem('E001', [...place, 'said', kind], unknownWord('policy', kind, kinds)),
    ),
  ];
}

/** What decides when a pack refuses images, audio and files. */
export const UNSCANNED_PARTS = 'unscanned-parts';
