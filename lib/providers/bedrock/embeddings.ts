import { isObject, type Json, type JsonObject } from '#core/json.ts';
import type { BedrockCall, BedrockRuntime } from '#core/ports.ts';
import { cannot } from '../chat/cannot.ts';
import { ProviderFailure } from '../failure.ts';
import type { ProviderCall } from '../provider.ts';

type Ask = (input: BedrockCall['input']) => ReturnType<BedrockRuntime['invokeModel']>;
interface Vectors {
  readonly vectors: Json[];
  readonly tokens: number;
}

/** Cohere takes as many in one call; Titan one, so that many calls are made. */
const MOST_TEXTS = 96;
const AT_ONCE = 4;

/** OpenAI's embeddings from Titan or Cohere on Bedrock. Throws ProviderFailure. */
export async function embed({ body, target }: ProviderCall, ask: Ask): Promise<JsonObject> {
  const texts = textsOf(body['input']);
  const model = target.base_model ?? target.provider_model;
  const invoke = (request: JsonObject) =>
    ask({
      modelId: target.provider_model,
      contentType: 'application/json',
      accept: 'application/json',
      body: JSON.stringify(request),
    });
  const family = model.includes('cohere.embed')
    ? cohere
    : model.includes('amazon.titan-embed')
      ? titan
      : undefined;
  if (!family) throw cannot('A request for embeddings', 'Choose a Titan or Cohere embedding model.');
  const { vectors, tokens } = await family(texts, body, invoke);
  return {
    object: 'list',
    data: vectors.map((embedding, index) => ({ object: 'embedding', index, embedding })),
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}

function textsOf(input: Json | undefined): string[] {
  const list = Array.isArray(input) ? input : [input];
  const texts = list.filter((text): text is string => typeof text === 'string');
  if (texts.length !== list.length) throw cannot('Tokens as input', 'Send texts.');
  if (texts.length > MOST_TEXTS)
    throw cannot(`More than ${MOST_TEXTS} texts at once`, 'Send several requests.');
  return texts;
}

type Invoke = (request: JsonObject) => ReturnType<Ask>;

async function titan(texts: readonly string[], { dimensions }: JsonObject, invoke: Invoke): Promise<Vectors> {
  const answers: JsonObject[] = [];
  for (let i = 0; i < texts.length; i += AT_ONCE) {
    const batch = texts.slice(i, i + AT_ONCE).map(async (inputText) => {
      const size: JsonObject = typeof dimensions === 'number' ? { dimensions } : {};
      return parsed((await invoke({ inputText, ...size })).body);
    });
    answers.push(...(await Promise.all(batch)));
  }
  return {
    vectors: answers.map(({ embedding }) => embedding ?? null),
    tokens: answers.reduce((sum, { inputTextTokenCount }) => sum + Number(inputTextTokenCount ?? 0), 0),
  };
}

async function cohere(texts: readonly string[], body: JsonObject, invoke: Invoke): Promise<Vectors> {
  const { dimensions, input_type } = body;
  const answer = await invoke({
    texts: [...texts],
    // Cohere wants to know what the vectors are for; OpenAI's clients cannot say.
    input_type: typeof input_type === 'string' ? input_type : 'search_document',
    embedding_types: ['float'],
    ...(typeof dimensions === 'number' ? { output_dimension: dimensions } : {}),
  });
  const { embeddings } = parsed(answer.body);
  const vectors = isObject(embeddings) ? embeddings['float'] : embeddings;
  return { vectors: Array.isArray(vectors) ? vectors : [], tokens: answer.inputTokens ?? 0 };
}

function parsed(body: Uint8Array): JsonObject {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body));
    if (isObject(value)) return value;
  } catch {
    // Said below.
  }
  throw new ProviderFailure('provider_error', 'The provider answered with something that is not JSON.', {
    status: 200,
    again: true,
  });
}
