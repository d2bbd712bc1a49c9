import * as z from 'zod';

/** `POST /v1/events`: what a gateway elsewhere sends to the control plane, and what it hears back. */

/** Events of one report, and bytes of its body. */
export const MAX_REPORTED = 200;
export const MAX_REPORT_BYTES = 4 * 1024 * 1024;

/** What became of one event. `unavailable`: send it again; `rejected`: it never will be taken. */
export const Receipt = z.object({
  event_id: z.string().nullable(),
  status: z.enum(['accepted', 'rejected', 'unavailable']),
  reason: z.string().optional(),
});
export type Receipt = z.infer<typeof Receipt>;

/** In the order of the report. */
export const Receipts = z.object({ results: z.array(Receipt) });
