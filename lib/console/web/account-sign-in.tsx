import { useEffect, useState } from 'preact/hooks';
import type { ConfigView } from '../views.ts';
import { leaveToSignIn, readConfig, tokenOfReturn } from './sign-in-flow.ts';

/** Sign-in with the account of the organisation, where the deployment has an issuer; otherwise nothing. */
export function AccountSignIn({ onToken }: { onToken: (token: string) => void }) {
  const [config, setConfig] = useState<ConfigView>();
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    const begin = async () => {
      const found = await readConfig();
      setConfig(found);
      const token = found.identity === 'oidc' ? await tokenOfReturn(found) : undefined;
      if (token !== undefined) onToken(token);
    };
    void begin().catch((error: Error) => setProblem(error.message));
    // Once: the code in the address is good for one try.
  }, []);

  return (
    <>
      {config?.identity === 'oidc' && (
        <button type="button" class="main" onClick={() => leaveToSignIn(config)}>
          Sign in with your account
        </button>
      )}
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
    </>
  );
}
