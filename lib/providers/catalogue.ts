import type { ProviderKind } from '#core/pack/pack.ts';
import { anthropic } from './anthropic.ts';
import { azureOpenai } from './azure-openai.ts';
import { bedrock } from './bedrock.ts';
import { openai } from './openai.ts';
import type { Dialect } from './provider.ts';

/** The dialects this version speaks. */
export const DIALECTS: Readonly<Record<ProviderKind, Dialect>> = {
  openai,
  anthropic,
  'azure-openai': azureOpenai,
  bedrock,
};
