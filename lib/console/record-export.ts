import type { ExportRecord } from '#core/ledger/event.ts';
import { ALL_APPS } from '#core/ledger/plain-facts.ts';
import { ConsoleError } from './console-error.ts';
import { type Person, visibleApps } from './person.ts';
import type { ConsolePorts } from './ports.ts';

export interface Taken extends ExportRecord {
  /** Only this app's; absent = of all that the person sees. */
  readonly app?: string | undefined;
  /** What was called, e.g. `/api/spend`. */
  readonly route: string;
  /** Other filters, as a query; empty = none. */
  readonly detail?: string;
  /** The export that this is a part of; default: one of its own. */
  readonly requestId?: string;
}

/** Comes before the file itself: a download that cannot be recorded does not happen. */
export async function recordExport(
  { record, clock, ids }: Pick<ConsolePorts, 'record' | 'clock' | 'ids'>,
  person: Person,
  { app, route, detail, requestId, ...exported }: Taken,
): Promise<void> {
  const apps = visibleApps(person, app) ?? [ALL_APPS];
  const [only = ALL_APPS, ...more] = apps;
  const details = [more.length > 0 && `apps=${apps.join(',')}`, detail].filter(Boolean).join('&');
  const facts = {
    at: new Date(clock.now()).toISOString(),
    type: 'console.exported',
    requestId: requestId ?? ids.next(),
    appId: more.length > 0 ? ALL_APPS : only,
    keyId: '',
    auth: 'console',
    route,
    reviewer: person.subject,
    export: exported,
    ...(details && { detail: details }),
  } as const;
  await record(facts).catch((cause: unknown) => {
    const message = 'This download cannot be recorded right now, so it was not made. Try again in a moment.';
    throw new ConsoleError('audit_unavailable', message, { cause });
  });
}
