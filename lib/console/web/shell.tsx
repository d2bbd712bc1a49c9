import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import type { MeView } from '../views.ts';
import { type Api, ApiError, createApi } from './api.ts';
import { EventsPage } from './events-page.tsx';
import { Failure, Loading } from './notice.tsx';
import { ReviewsPage } from './reviews-page.tsx';
import { forgetToken, savedToken, saveToken } from './session.ts';
import { SignIn } from './sign-in.tsx';
import { Visible } from './visible.tsx';

/** The whole page: a sign-in, or one of the views in a frame. */
export function Shell() {
  const [token, setToken] = useState(savedToken);
  const [notice, setNotice] = useState<string>();

  const signIn = (next: string) => {
    saveToken(next);
    setNotice(undefined);
    setToken(next);
  };
  const signOut = useCallback((why?: string) => {
    forgetToken();
    setNotice(why);
    setToken(null);
  }, []);

  if (!token) return <SignIn onToken={signIn} notice={notice} />;
  return <SignedIn key={token} token={token} onSignOut={signOut} />;
}

function SignedIn({ token, onSignOut }: { token: string; onSignOut: (why?: string) => void }) {
  const api = useMemo(() => createApi(token), [token]);
  const [me, setMe] = useState<MeView>();
  const [error, setError] = useState<ApiError>();
  const [tries, setTries] = useState(0);

  useEffect(() => {
    api.get<MeView>('/api/me').then(setMe, (failure: unknown) => {
      if (failure instanceof ApiError && failure.status === 401) onSignOut(failure.message);
      else setError(failure instanceof ApiError ? failure : new ApiError(0, 'page_error', String(failure)));
    });
  }, [api, onSignOut, tries]);

  if (me) return <Frame api={api} me={me} onSignOut={onSignOut} />;
  if (error) return <Failure error={error} onRetry={() => setTries(tries + 1)} />;
  return <Loading what="your account" />;
}

function Frame({ api, me, onSignOut }: { api: Api; me: MeView; onSignOut: () => void }) {
  const view = useView();
  return (
    <>
      <header class="bar">
        <span class="brand">Keeptrusts</span>
        <nav aria-label="Views">
          <Tab view="events" current={view} label="Events" />
          <Tab view="reviews" current={view} label="Reviews" />
        </nav>
        <span class="who">
          <span class="env">
            <Visible text={me.environment} />
          </span>
          <span class="subject">
            <Visible text={me.subject} /> · {me.role}
          </span>
          <button type="button" class="quiet" onClick={() => onSignOut()}>
            Sign out
          </button>
        </span>
      </header>
      <main>{view === 'reviews' ? <ReviewsPage api={api} me={me} /> : <EventsPage api={api} />}</main>
    </>
  );
}

function Tab({ view, current, label }: { view: string; current: string; label: string }) {
  return (
    <a href={`#/${view}`} aria-current={view === current ? 'page' : undefined}>
      {label}
    </a>
  );
}

/** The view named by the address: `#/events?…` or `#/reviews`. */
function useView(): string {
  const [view, setView] = useState(viewOfAddress);
  useEffect(() => {
    const follow = () => setView(viewOfAddress());
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return view;
}

function viewOfAddress(): string {
  return location.hash.replace(/^#\//, '').split('?')[0] === 'reviews' ? 'reviews' : 'events';
}
