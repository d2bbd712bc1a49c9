import * as z from 'zod';
import { GuardrailSettings } from '#core/policy/guardrail.ts';

const secretName = z.string().regex(/^[A-Za-z0-9_.-]{1,128}$/, 'may hold letters, digits, _ - and . only');

const ModerationSettings = z
  .strictObject({
    target: z
      .string()
      .optional()
      .describe('A target of this pack that offers /moderations; its address and key are used'),
    secret_key_ref: z
      .union([z.strictObject({ env: secretName }), z.strictObject({ store: secretName })])
      .optional()
      .describe('Instead of a target: a key for api.openai.com'),
    model: z
      .string()
      .regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be the name of a moderation model')
      .default('omni-moderation-latest')
      .describe('The moderation model'),
    threshold: z
      .number()
      .min(0)
      .max(1)
      .optional()
      .describe('Score from which a category counts; default: what the endpoint itself flags'),
    ignore_categories: z
      .array(z.string().max(64))
      .default([])
      .describe('Categories of the endpoint that do not count, such as harassment'),
  })
  .refine(({ target, secret_key_ref }) => (target === undefined) !== (secret_key_ref === undefined), {
    message: 'must name exactly one of target, secret_key_ref',
  });

export const RemoteSettings = z
  .strictObject({
    openai_moderation: ModerationSettings.optional().describe('OpenAI’s moderation endpoint'),
    bedrock_guardrail: GuardrailSettings.optional().describe(
      'The content filters, topics and words of a guardrail of Amazon Bedrock',
    ),
  })
  .optional()
  .describe('Who else is asked; with check_answers the whole answer waits for them');
export type RemoteSettings = z.infer<typeof RemoteSettings>;
