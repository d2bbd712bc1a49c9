import * as z from 'zod';
import { LinearPatternText } from '#core/text/linear-pattern.ts';
import { TermList } from '#core/text/term-list.ts';
import { SENSITIVITY } from './classification.ts';

export const DlpFilterSettings = z.strictObject({
  action: z
    .enum(['redact', 'block', 'flag'])
    .default('redact')
    .describe('With redact, classification marks still block'),
  detect_secrets: z
    .boolean()
    .default(true)
    .describe('Keys, tokens, passwords and private keys in their known formats'),
  detect_patterns: z
    .array(LinearPatternText)
    .max(50)
    .default([])
    .describe('RE2 patterns of your own; in answers they are looked for line by line'),
  blocked_terms: TermList.default([]).describe('Words and phrases that must not leave'),
  fuzzy_matching: z.boolean().default(false).describe('Also terms with typing errors, up to max_distance'),
  max_distance: z.int().min(0).max(8).default(1).describe('Edits per term, at most a quarter of its length'),
  sensitivity_level: z
    .enum(SENSITIVITY)
    .default('standard')
    .describe('Which classification marks block a text'),
  check_answers: z.boolean().default(true).describe('Look at answers as well as at requests'),
});
export type DlpFilterSettings = z.infer<typeof DlpFilterSettings>;
