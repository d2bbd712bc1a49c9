import * as z from 'zod';
import { TermList } from '#core/text/term-list.ts';
import { SENSITIVITIES } from './judge-text.ts';
import { RemoteSettings } from './remote/settings.ts';
import { CATEGORIES, INDUSTRIES } from './rules.ts';

export const SafetyFilterSettings = z
  .strictObject({
    action: z
      .enum(['block', 'flag', 'escalate'])
      .default('block')
      .describe('What happens to a text with a finding'),
    categories: z
      .array(z.enum(CATEGORIES))
      .default([...CATEGORIES])
      .describe('What is looked for'),
    sensitivity: z
      .enum(SENSITIVITIES)
      .default('balanced')
      .describe('How sure the embedded model of harmful_request must be; low misses more and stops less'),
    industry: z.enum(INDUSTRIES).optional().describe('Adds the terms of a trade; default general'),
    mode: z.enum(INDUSTRIES).optional().describe('Another spelling of industry'),
    block_if: TermList.default([]).describe('Words and phrases of your own'),
    fuzzy_matching: z.boolean().default(false).describe('Also terms with typing errors, up to max_distance'),
    max_distance: z
      .int()
      .min(0)
      .max(8)
      .default(1)
      .describe('Edits per term, at most a quarter of its length'),
    check_answers: z.boolean().default(true).describe('Look at answers as well as at requests'),
    remote: RemoteSettings,
  })
  .refine(({ industry, mode }) => industry === undefined || mode === undefined, {
    path: ['mode'],
    message: 'says the same as industry; keep one of them',
  });
export type SafetyFilterSettings = z.infer<typeof SafetyFilterSettings>;
