import type { Cloud } from './cloud-types.ts';
import { putSecret } from './resources/secrets.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** Who answers model calls, in words and as the variables that the gateway gets. */
export interface Provider {
  readonly label: string;
  readonly variables: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** In the place of a key that the stand-in does not look at. */
const NO_KEY = 'no-key-the-stand-in-needs-none';

/** `OPENAI_BASE_URL` wins, as in OpenAI's own SDK; then OpenAI itself if there is a key; else the built-in stand-in. */
export async function chooseProvider(env: Variables): Promise<Provider> {
  const baseUrl = env['OPENAI_BASE_URL'];
  const nothing = async () => {};
  if (baseUrl)
    return {
      label: `${baseUrl} (OPENAI_BASE_URL)`,
      variables: { OPENAI_BASE_URL: baseUrl },
      close: nothing,
    };
  if (env['OPENAI_API_KEY']) return { label: 'OpenAI (OPENAI_API_KEY)', variables: {}, close: nothing };

  // Loaded only here: a stack with a real provider does not carry the stand-in.
  const { startStandIn } = await import('./upstream.ts');
  const { baseUrl: standIn, close } = await startStandIn();
  return {
    label: 'built-in stand-in (no OPENAI_API_KEY found)',
    variables: { OPENAI_BASE_URL: standIn },
    close,
  };
}

/** Fills the provider secrets from variables of the same name; a secret without one holds a text that is no key. */
export async function fillSecrets(cloud: Cloud, env: Variables): Promise<void> {
  const arns = new Map<string, string>();
  for (const { environment } of cloud.functions) {
    const own = JSON.parse(environment['SECRET_ARNS'] ?? '{}') as Record<string, string>;
    for (const [name, arn] of Object.entries(own)) arns.set(arn, name);
  }
  for (const [arn, name] of arns) await putSecret(cloud.clients.secrets, arn, env[name] || NO_KEY);
}
