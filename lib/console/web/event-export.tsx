import { useRef, useState } from 'preact/hooks';
import type { Api } from './api.ts';
import { saveFile } from './download.ts';
import { plural } from './wording.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
type Form = 'jsonl' | 'csv';

/** Saves all events that the filters let through as one file, and says how far it is. */
export function EventExport({ api, query }: { api: Api; query: string }) {
  const [said, setSaid] = useState('');
  const running = useRef<AbortController | null>(null);
  const [busy, setBusy] = useState(false);

  const save = async (form: Form) => {
    const stop = new AbortController();
    running.current = stop;
    setBusy(true);
    setSaid('Reading…');
    await collect(api, `format=${form}&${withRange(query)}`, stop.signal, (count) =>
      setSaid(`${plural(count, 'event')} read…`),
    )
      .then(({ name, parts, rows }) => {
        saveFile(name, new Blob(parts));
        setSaid(`${plural(rows, 'event')} saved`);
      })
      .catch((error: Error) => setSaid(stop.signal.aborted ? 'stopped' : `Not saved: ${error.message}`));
    setBusy(false);
  };

  return (
    <div class="export">
      <button type="button" class="small" disabled={busy} onClick={() => save('jsonl')}>
        Save JSONL
      </button>
      <button type="button" class="small" disabled={busy} onClick={() => save('csv')}>
        Save CSV
      </button>
      {busy && (
        <button type="button" class="small" onClick={() => running.current?.abort()}>
          Stop
        </button>
      )}
      <small role="status">{said}</small>
    </div>
  );
}

/** A file says its range; without one it is that of the table, the last day. */
function withRange(query: string): string {
  const given = new URLSearchParams(query);
  if (!given.has('from')) given.set('from', new Date(Date.now() - DAY_MS).toISOString());
  return given.toString();
}

async function collect(api: Api, query: string, signal: AbortSignal, tell: (count: number) => void) {
  const parts: Blob[] = [];
  let rows = 0;
  let at = '';
  for (;;) {
    const part = await api.file(`/api/exports?${query}${at}`, signal);
    parts.push(part.content);
    rows += part.rows;
    if (!part.next) return { name: part.name, parts, rows };
    tell(rows);
    at = `&cursor=${encodeURIComponent(part.next)}`;
  }
}
