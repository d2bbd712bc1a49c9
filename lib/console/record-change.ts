import type { RecordAct } from '#core/ledger/plain-event.ts';
import type { PlainFacts } from '#core/ledger/plain-facts.ts';
import type { Clock } from '#core/ports.ts';
import { ConsoleError } from './console-error.ts';
import type { Person } from './person.ts';

/** What is about to change; ids only. */
type Change = Pick<PlainFacts, 'type' | 'route' | 'appId' | 'keyId' | 'requestId'> & {
  readonly detail?: string;
};

/** Comes before the change itself: a change that cannot be recorded does not happen. */
export async function recordChange(
  { record, clock }: { readonly record: RecordAct; readonly clock: Clock },
  { subject }: Person,
  change: Change,
): Promise<void> {
  const at = new Date(clock.now()).toISOString();
  await record({ ...change, at, auth: 'console', reviewer: subject }).catch((cause: unknown) => {
    const message = 'This change cannot be recorded right now, so it was not made. Try again in a moment.';
    throw new ConsoleError('audit_unavailable', message, { cause });
  });
}
