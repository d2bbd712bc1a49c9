import { useEffect, useState } from 'preact/hooks';
import type { MeView, PackView } from '../views.ts';
import type { Api } from './api.ts';
import { CopyButton } from './copy-button.tsx';
import { Visible } from './visible.tsx';

interface Props {
  api: Api;
  me: MeView;
  /** Known only in the moment it was made. */
  made?: { readonly app_id: string; readonly key: string };
}

/** What Dify asks for. */
export function DifyValues({ api, me, made }: Props) {
  const model = useFirstModel(api);
  const endpoint = endpointOf(me, made?.app_id);
  const secret = made?.key;
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
          {endpoint === undefined ? (
            <>
              The gateway's address with <code>/v1</code>: a deployment has it as the output{' '}
              <code>GatewayUrl</code>.
            </>
          ) : (
            <>
              <code>
                <Visible text={endpoint} />
              </code>
              <CopyButton text={endpoint} what="endpoint URL" />
            </>
          )}
        </dd>
      </div>
    </dl>
  );
}

/** An app with a gateway of its own is served by no other. */
function endpointOf({ gateway_url, dedicated_gateways = {} }: MeView, app?: string): string | undefined {
  const own =
    app !== undefined && Object.hasOwn(dedicated_gateways, app) ? dedicated_gateways[app] : undefined;
  const gateway = own ?? gateway_url;
  return gateway === undefined ? undefined : `${gateway}/v1`;
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
