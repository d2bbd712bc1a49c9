import type { MeView } from '../views.ts';
import type { Api } from './api.ts';
import { DifyValues } from './dify-values.tsx';

/** What to do while nothing has happened yet. */
export function FirstRun({ api, me }: { api: Api; me: MeView }) {
  return (
    <section class="card first" aria-labelledby="first-run">
      <h2 id="first-run">Send the first call</h2>
      <ol>
        <li>
          <a href="#/apps">Create an app key</a>. It is shown once.
        </li>
        <li>
          In Dify, add a model of the provider <em>OpenAI-API-compatible</em> with three values:
          <DifyValues api={api} me={me} />
        </li>
        <li>Ask something. The call appears here and under Events within seconds, allowed or blocked.</li>
      </ol>
    </section>
  );
}
