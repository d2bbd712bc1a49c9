import * as z from 'zod';
import { isOneLine } from '#core/text/one-line.ts';

/** What people call something: one line of at most 200 characters. */
export const nameField = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .refine(isOneLine, 'is one line without control characters');
