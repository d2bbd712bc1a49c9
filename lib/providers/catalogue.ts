import type { ProviderKind } from '#core/pack/pack.ts';
import { openai } from './openai.ts';
import type { Dialect } from './provider.ts';

/** The dialects this version speaks; azure-openai, anthropic and bedrock come with issue C. */
export const DIALECTS: Readonly<Partial<Record<ProviderKind, Dialect>>> = { openai };
