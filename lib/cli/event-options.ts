import { join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import type { EventFilter, EventReader } from '#core/ports.ts';
import { journalEventReader } from '#local/journal-event-reader.ts';
import { consoleClient } from './console-client.ts';
import { addSourceOptions, chooseSource, type SourceOptions, wallClock } from './source-options.ts';
import type { Terminal } from './terminal.ts';

export interface EventOptions extends SourceOptions {
  readonly journal?: string;
  readonly app?: string;
  readonly verdict?: string;
  readonly outcome?: string;
  readonly model?: string;
  readonly provider?: string;
  readonly policy?: string;
  readonly reason?: string;
  readonly endUser?: string;
  readonly key?: string;
  readonly since?: string;
  readonly until?: string;
  readonly limit: number;
  readonly json?: boolean;
}

const MAX_LIMIT = 100_000;
const UNITS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** The filters that `kt events list` and `tail` share. */
export function addEventOptions(command: Command): Command {
  return addSourceOptions(command)
    .option('--journal <folder>', 'journal to read (default: journal in the state folder)')
    .option('--app <id>', 'only calls of this app')
    .option('--verdict <verdict>', 'allowed, redacted, flagged, blocked, escalated or none')
    .option('--outcome <outcome>', 'completed, blocked, failed, client_aborted, outcome_unknown or refused')
    .option('--model <name>', 'only calls that asked for this model')
    .option('--provider <kind>', 'only calls to this provider')
    .option('--policy <kind>', 'only calls this policy had something to say about')
    .option('--reason <code>', 'only calls a policy gave this reason for, or that failed with this code')
    .option('--end-user <pseudonym>', 'only calls of this end user, as events name it: "subject"')
    .option('--key <id>', 'only calls with this app key')
    .option('--limit <n>', 'how many at most', wholeNumber, 50)
    .option('--json', 'one JSON object per line');
}

export function filterOf(options: EventOptions): EventFilter {
  const { app: appId, since: from, until: to, endUser: subject, key: keyId } = options;
  const { verdict, outcome, model, provider, policy, reason } = options;
  const all = { appId, verdict, outcome, model, provider, policy, reason, subject, keyId, from, to };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** The events of a console, or of a journal on this machine. */
export async function eventReader(options: EventOptions, terminal: Terminal): Promise<EventReader> {
  if (options.journal) return journalEventReader(join(terminal.cwd, options.journal), wallClock);
  const source = await chooseSource(options, terminal, 'viewer');
  if (source.kind === 'console') return consoleClient(source.address);
  return journalEventReader(join(source.folder, 'journal'), wallClock);
}

/** `15m`, `2h`, `7d` ago, or a time such as 2026-11-23T10:00:00Z; gives ISO time. */
export function moment(text: string): string {
  const ago = /^([0-9]{1,6})([smhd])$/.exec(text);
  if (ago) return new Date(Date.now() - Number(ago[1]) * UNITS[ago[2] as keyof typeof UNITS]).toISOString();
  const time = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw new InvalidArgumentError('Write 15m, 2h, 7d or 2026-11-23T10:00:00Z.');
  return new Date(time).toISOString();
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= MAX_LIMIT) return value;
  throw new InvalidArgumentError(`Write a whole number from 1 to ${MAX_LIMIT}.`);
}
