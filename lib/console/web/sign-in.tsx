import { useState } from 'preact/hooks';
import { AccountSignIn } from './account-sign-in.tsx';

/** An account, or a console token. Either is kept for this tab only. */
export function SignIn({
  onToken,
  notice,
}: {
  onToken: (token: string) => void;
  notice?: string | undefined;
}) {
  const [token, setToken] = useState('');
  const submit = (event: Event) => {
    event.preventDefault();
    if (token.trim()) onToken(token.trim());
  };
  return (
    <main class="sign-in">
      <form onSubmit={submit}>
        <h1>Keeptrusts console</h1>
        <AccountSignIn onToken={onToken} />
        <label for="token">Console token</label>
        <input
          id="token"
          type="password"
          autocomplete="off"
          spellcheck={false}
          placeholder="ktc_…"
          value={token}
          onInput={(event) => setToken(event.currentTarget.value)}
        />
        <p class="hint">
          Printed by <code>npm start</code> and kept in <code>.kt/local.json</code>. An app key (kt_live_…)
          does not open the console.
        </p>
        {notice && (
          <p class="problem" role="alert">
            {notice}
          </p>
        )}
        <button type="submit" disabled={!token.trim()}>
          Sign in
        </button>
      </form>
    </main>
  );
}
