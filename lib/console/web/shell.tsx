import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import type { MeView } from '../views.ts';
import { type Api, ApiError, createApi } from './api.ts';
import { AppsPage } from './apps-page.tsx';
import { EventsPage } from './events-page.tsx';
import { Failure, Loading } from './notice.tsx';
import { OverviewPage } from './overview-page.tsx';
import { PoliciesPage } from './policies-page.tsx';
import { ReviewsPage } from './reviews-page.tsx';
import { forgetToken, savedToken, saveToken } from './session.ts';
import { SignIn } from './sign-in.tsx';
import { leaveToSignOut } from './sign-in-flow.ts';
import { SpendPage } from './spend-page.tsx';
import { ThemeButton } from './theme-button.tsx';
import { Visible } from './visible.tsx';

interface ViewProps {
  api: Api;
  me: MeView;
}

const VIEWS = {
  overview: { label: 'Overview', show: ({ api, me }: ViewProps) => <OverviewPage api={api} me={me} /> },
  events: { label: 'Events', show: ({ api }: ViewProps) => <EventsPage api={api} /> },
  reviews: { label: 'Reviews', show: ({ api, me }: ViewProps) => <ReviewsPage api={api} me={me} /> },
  spend: { label: 'Spend', show: ({ api }: ViewProps) => <SpendPage api={api} /> },
  apps: { label: 'Apps & keys', show: ({ api, me }: ViewProps) => <AppsPage api={api} me={me} /> },
  policies: { label: 'Policies', show: ({ api }: ViewProps) => <PoliciesPage api={api} /> },
};
type ViewName = keyof typeof VIEWS;
const NAMES = Object.keys(VIEWS) as ViewName[];

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
  const api = useMemo(() => createApi(token, onSignOut), [token, onSignOut]);
  const [me, setMe] = useState<MeView>();
  const [error, setError] = useState<ApiError>();
  const [tries, setTries] = useState(0);

  useEffect(() => {
    api.get<MeView>('/api/me').then(setMe, (failure: unknown) => {
      setError(failure instanceof ApiError ? failure : new ApiError(0, 'page_error', String(failure)));
    });
  }, [api, tries]);

  if (me) return <Frame api={api} me={me} onSignOut={() => leave(token, onSignOut)} />;
  if (error) return <Failure error={error} onRetry={() => setTries(tries + 1)} />;
  return <Loading what="your account" />;
}

function leave(token: string, onSignOut: () => void): void {
  onSignOut();
  void leaveToSignOut(token);
}

function Frame({ api, me, onSignOut }: { api: Api; me: MeView; onSignOut: () => void }) {
  const view = useView();
  return (
    <>
      <header class="bar">
        <span class="brand">Keeptrusts</span>
        <nav aria-label="Views">
          {NAMES.map((name) => (
            <a key={name} href={`#/${name}`} aria-current={name === view ? 'page' : undefined}>
              {VIEWS[name].label}
            </a>
          ))}
        </nav>
        <span class="who">
          <span class="env">
            <Visible text={me.environment} />
          </span>
          <span class="subject">
            <Visible text={me.subject} /> · {me.role}
            {!me.roles['*'] && ` of ${Object.keys(me.roles).join(', ')}`}
          </span>
          <ThemeButton />
          <button type="button" class="quiet" onClick={() => onSignOut()}>
            Sign out
          </button>
        </span>
      </header>
      <main key={view}>{VIEWS[view].show({ api, me })}</main>
    </>
  );
}

/** The view named by the address: `#/events?…`; an unknown name is the overview. */
function useView(): ViewName {
  const [view, setView] = useState(viewOfAddress);
  useEffect(() => {
    const follow = () => setView(viewOfAddress());
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return view;
}

function viewOfAddress(): ViewName {
  const given = location.hash.replace(/^#\//, '').split('?')[0];
  return NAMES.find((name) => name === given) ?? 'overview';
}
