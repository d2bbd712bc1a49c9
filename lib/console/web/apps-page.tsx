import { useCallback, useState } from 'preact/hooks';
import type { AppView, KeyView, MeView, NewKeyView } from '../views.ts';
import { type Api, ApiError } from './api.ts';
import { AppEdit } from './app-edit.tsx';
import { AppForm } from './app-form.tsx';
import { AppTable } from './app-table.tsx';
import { KeyForm } from './key-form.tsx';
import { KeyTable } from './key-table.tsx';
import { NewKey } from './new-key.tsx';
import { Empty, Failure, Loading, Stale } from './notice.tsx';
import { usePoll } from './use-poll.ts';

const RHYTHM = 10_000;
const ADMINS_ONLY = new ApiError(403, 'forbidden', 'Keys are shown to admins only.');

/** Who may call: apps for everyone to see, their keys for admins. */
export function AppsPage({ api, me }: { api: Api; me: MeView }) {
  const load = useCallback((signal: AbortSignal) => api.get<{ apps: AppView[] }>('/api/apps', signal), [api]);
  const { data, error, again } = usePoll(load, RHYTHM);
  const [changing, setChanging] = useState<AppView>();
  const done = () => {
    setChanging(undefined);
    again();
  };
  if (!data) return error ? <Failure error={error} onRetry={again} /> : <Loading what="the apps" />;
  const admin = me.role === 'admin';
  return (
    <>
      <h1>Apps &amp; keys</h1>
      {error && <Stale error={error} />}
      {data.apps.length > 0 && <AppTable apps={data.apps} onChange={admin ? setChanging : undefined} />}
      {changing && (
        <AppEdit
          key={changing.id}
          api={api}
          app={changing}
          onDone={done}
          onClose={() => setChanging(undefined)}
        />
      )}
      {me.roles['*'] === 'admin' && <AppForm api={api} onDone={again} />}
      <h2>Keys</h2>
      {admin ? <Keys api={api} me={me} apps={data.apps} /> : <Failure error={ADMINS_ONLY} onRetry={again} />}
    </>
  );
}

function Keys({ api, me, apps }: { api: Api; me: MeView; apps: readonly AppView[] }) {
  const [made, setMade] = useState<NewKeyView>();
  const load = useCallback((signal: AbortSignal) => api.get<{ keys: KeyView[] }>('/api/keys', signal), [api]);
  const { data, error, again } = usePoll(load, RHYTHM);
  const show = (key: NewKeyView) => {
    setMade(key);
    again();
  };
  if (!data) return error ? <Failure error={error} onRetry={again} /> : <Loading what="the keys" />;
  return (
    <>
      {error && <Stale error={error} />}
      {made && <NewKey key={made.id} api={api} me={me} made={made} onClose={() => setMade(undefined)} />}
      {apps.length > 0 && <KeyForm api={api} apps={apps} onMade={show} />}
      {data.keys.length ? (
        <KeyTable api={api} keys={data.keys} onMade={show} onChange={again} />
      ) : (
        <Empty title="No keys yet">{apps.length ? 'Create the first one above.' : 'Add an app first.'}</Empty>
      )}
    </>
  );
}
