import * as z from 'zod';
import { allow, definePolicy } from '#core/policy/policy.ts';

const AuditLoggerSettings = z.strictObject({
  retention_days: z.int().min(1).max(36_500).default(365).describe('How long events are kept'),
});

/**
 * Marks the exchange as audited. Every call leaves an event with or without it; what it adds is the promise of how long
 * that event is kept, which the deployment reads from the pack.
 */
export const auditLogger = definePolicy<z.infer<typeof AuditLoggerSettings>>({
  kind: 'audit-logger',
  phases: ['input'],
  summary: 'States how long the record of every call is kept',
  settings: AuditLoggerSettings,
  needs: () => 'none',
  input: (text) => allow(text.leaves.reduce((sum, leaf) => sum + leaf.text.length, 0)),
});
