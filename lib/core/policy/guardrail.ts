import * as z from 'zod';
import type { Phase } from './policy.ts';
import type { GuardrailQuestion, RemoteFinding, RemoteUse } from './remote.ts';

/** A guardrail of Amazon Bedrock that a policy asks. */
export const GuardrailSettings = z.strictObject({
  id: z
    .string()
    .regex(
      /^(?:[a-z0-9]{1,64}|arn:aws[a-z-]*:bedrock:[a-z0-9-]{1,20}:\d{12}:guardrail\/[a-z0-9]{1,64})$/,
      'must be the id of a guardrail, such as gr4zk2v8hq1d, or its ARN',
    )
    .describe('Id or ARN of the guardrail'),
  version: z
    .string()
    .regex(/^(?:[1-9][0-9]{0,7}|DRAFT)$/, 'must be a version in quotes, such as "1", or DRAFT')
    .describe('Its version; DRAFT changes under your feet'),
});
export type GuardrailSettings = z.infer<typeof GuardrailSettings>;

export function guardrailUse({ id }: GuardrailSettings, phases: readonly Phase[]): RemoteUse {
  return { detector: 'bedrock-guardrail', phases, guardrail: id, path: ['remote', 'bedrock_guardrail'] };
}

export function guardrailQuestion(
  { id, version }: GuardrailSettings,
  source: GuardrailQuestion['source'],
  texts: readonly string[],
): GuardrailQuestion {
  return { detector: 'bedrock-guardrail', id, version, source, texts };
}

/** The rule of a finding: `guardrail.content.violence`. Names of an operator's own topics and patterns are cut to a rule's length. */
export function guardrailRule({ label }: RemoteFinding): string {
  return `guardrail.${label
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '_')
    .slice(0, 80)}`;
}
