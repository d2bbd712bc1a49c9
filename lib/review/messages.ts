import * as z from 'zod';

/** DynamoDB items end at 400 KB; a UTF-16 unit costs at most 3 bytes there. */
const MAX_TEXT = 100_000;

const id = z.string().regex(/^[\w-]{1,64}$/, 'is a case id: letters, digits, - and _');
const wellFormed = (text: string) => text.isWellFormed();

/** What a person sends to decide a case; `by` is the signed-in subject, filled in by the console. */
export const DecideRequest = z.strictObject({
  id,
  state: z.enum(['approved', 'edited', 'rejected']),
  by: z.string().min(1).max(200),
  reason: z.string().trim().min(1, 'say why: the reason is kept in the ledger').max(2000).refine(wellFormed),
  text: z.string().max(MAX_TEXT).refine(wellFormed, 'has half a character (a lone surrogate)').optional(),
  /** With `approved`: of the text that was read. Needed once somebody has proposed another text. */
  text_sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'is the SHA-256 of the text in hexadecimal')
    .optional(),
});
export type DecideRequest = z.infer<typeof DecideRequest>;

/** What a person sends to take a case or to give it back. */
export const ClaimRequest = z.strictObject({
  act: z.enum(['claim', 'unclaim']),
  id,
  by: z.string().min(1).max(200),
});

/** What the sweeper sends for a decision whose callback was lost. */
export const TellRequest = z.strictObject({ act: z.literal('tell'), id, isRecorded: z.boolean() });
export type TellRequest = z.infer<typeof TellRequest>;

/** What the state machine hands to `review-open`: ids only, and the callback token. */
export const OpenMessage = z.strictObject({ caseId: id, token: z.string().min(1).max(2048) });
export type OpenMessage = z.infer<typeof OpenMessage>;

/** What the state machine hands to `review-settle` at its end. The decision itself is read from the case. */
export const SettleMessage = z.object({
  caseId: id,
  outcome: z.enum(['decided', 'expired', 'failed']),
});
export type SettleMessage = z.infer<typeof SettleMessage>;
