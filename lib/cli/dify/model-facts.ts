/** What Dify’s form wants to know of a model and no API tells, as far as its vendor has published it; to be checked before it is relied on. Tokens. */
export interface ModelFacts {
  readonly context: number;
  readonly maxTokens: number;
  readonly vision: boolean;
}

const KNOWN: readonly (readonly [RegExp, ModelFacts])[] = [
  [/^gpt-5/, { context: 400_000, maxTokens: 128_000, vision: true }],
  [/^gpt-4\.1/, { context: 1_047_576, maxTokens: 32_768, vision: true }],
  [/^gpt-4o/, { context: 128_000, maxTokens: 16_384, vision: true }],
  [/^o3-mini/, { context: 200_000, maxTokens: 100_000, vision: false }],
  [/^o(1|3|4-mini)/, { context: 200_000, maxTokens: 100_000, vision: true }],
  [/claude-(sonnet|haiku|opus)-4/, { context: 200_000, maxTokens: 32_000, vision: true }],
];

/** By the name of the model; undefined for names of your own. */
export function modelFacts(model: string): ModelFacts | undefined {
  return KNOWN.find(([name]) => name.test(model))?.[1];
}
