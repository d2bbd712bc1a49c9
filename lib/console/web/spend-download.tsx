import { useState } from 'preact/hooks';
import type { SpendView } from '../views.ts';
import type { Api } from './api.ts';
import { saveFile } from './download.ts';

const FILES = [
  ['Download CSV', 'format=csv&by=app,day,model'],
  ['Download FOCUS', 'format=focus'],
] as const;

/** The time on show as a file that the console makes, and records that it was taken. */
export function SpendDownload({ api, data }: { api: Api; data: SpendView }) {
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState('');
  const [failed, setFailed] = useState('');

  const take = async (query: string) => {
    setBusy(true);
    setFailed('');
    setSaid('Preparing the file…');
    await api
      .file(`/api/spend?from=${data.from}&to=${data.to}&${query}`)
      .then(({ name, content }) => {
        saveFile(name, content);
        setSaid(`Saved ${name}`);
      })
      .catch((error: Error) => {
        setSaid('');
        setFailed(`Not saved: ${error.message}`);
      });
    setBusy(false);
  };

  return (
    <div class="export">
      {FILES.map(([label, query]) => (
        <button type="button" key={label} disabled={busy || !data.rows.length} onClick={() => take(query)}>
          {label}
        </button>
      ))}
      <small role="status">{said}</small>
      {failed && (
        <p class="problem" role="alert">
          {failed}
        </p>
      )}
    </div>
  );
}
