import { useEffect, useState } from 'preact/hooks';
import type { PackView } from '../views.ts';
import type { Api } from './api.ts';
import { CopyButton } from './copy-button.tsx';
import { Visible } from './visible.tsx';

/** What Dify asks for. The key is known only in the moment it was made. */
export function DifyValues({ api, secret }: { api: Api; secret?: string }) {
  const model = useFirstModel(api);
  return (
    <dl class="facts values">
      <div>
        <dt>Model name</dt>
        <dd>
          <code>
            <Visible text={model ?? 'a model of the active pack'} />
          </code>
          {model !== undefined && <CopyButton text={model} what="model name" />}
        </dd>
      </div>
      <div>
        <dt>API key</dt>
        <dd>
          <code>{secret ?? 'the app key'}</code>
          {secret !== undefined && <CopyButton text={secret} what="key" />}
        </dd>
      </div>
      <div>
        <dt>Endpoint URL</dt>
        <dd>
          The gateway's address with <code>/v1</code>: <code>npm start</code> prints it, a deployment has it
          as the output <code>GatewayUrl</code>.
        </dd>
      </div>
    </dl>
  );
}

function useFirstModel(api: Api): string | undefined {
  const [model, setModel] = useState<string>();
  useEffect(() => {
    api.get<PackView>('/api/policies').then(
      ({ models }) => setModel(models[0]),
      () => setModel(undefined),
    );
  }, [api]);
  return model;
}
