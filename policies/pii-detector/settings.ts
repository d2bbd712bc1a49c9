import * as z from 'zod';
import { LinearPatternText } from '#core/text/linear-pattern.ts';
import { ENTITIES } from './entity.ts';

export const PiiDetectorSettings = z
  .strictObject({
    action: z.enum(['redact', 'block', 'flag']).default('redact'),
    entities: z
      .array(z.enum(ENTITIES))
      .min(1)
      .default([...ENTITIES])
      .describe('What is looked for'),
    detect_patterns: z
      .array(LinearPatternText)
      .max(50)
      .default([])
      .describe('RE2 patterns of personal data of your own, in requests'),
    restore: z
      .boolean()
      .optional()
      .describe('Put the values back into the answer; default: with marker_format token'),
    mask_answers: z
      .boolean()
      .default(true)
      .describe('Mask personal data in answers that was not in the request'),
    redaction: z
      .strictObject({
        marker_format: z
          .enum(['token', 'label', 'asterisks', 'partial'])
          .default('token')
          .describe('token <EMAIL_k3v9q2>, label <EMAIL>, asterisks *****, partial ***4242'),
      })
      .prefault({}),
  })
  .refine(({ restore, redaction }) => !restore || redaction.marker_format === 'token', {
    path: ['restore'],
    message:
      'must be false unless redaction.marker_format is token: other markers do not say which value they hide',
  });
export type PiiDetectorSettings = z.infer<typeof PiiDetectorSettings>;

export function restores({ restore, action, redaction }: PiiDetectorSettings): boolean {
  return action === 'redact' && redaction.marker_format === 'token' && restore !== false;
}
