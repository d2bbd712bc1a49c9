import type { BusEvent } from './contract.ts';
import type { FunctionLogs } from './function-logs.ts';

/** One line for whoever watches `npm start`, and the whole of it in `.kt/logs/announcements.log`. */
export function sayAnnouncement(
  event: BusEvent,
  logs: Pick<FunctionLogs, 'write'>,
  terminal: { err(line: string): void },
): void {
  logs.write('announcements', JSON.stringify(event));
  terminal.err(
    `announced ${event['detail-type']}: ${String(event.detail['text'] ?? event.detail['id'] ?? '')}`,
  );
}
