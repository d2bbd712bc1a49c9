import type { CheckResult } from './checks.ts';

const BY_CODE: Readonly<Record<string, string>> = {
  invalid_api_key:
    'Dify sends this key in "API Key". Make one with kt keys create --app <app>, or see kt keys list whether it expired or was revoked.',
  scope_denied:
    'The key belongs to another app than the URL, or may not use this route: kt keys list shows what it may.',
  model_not_allowed:
    '"Model Name" (or "Model name for API endpoint") must be a model of the pack that this key may use; the message lists them.',
  not_found: '"API endpoint URL" must end with /v1 (or nothing), never with /chat/completions.',
  rate_limited: 'The limits of app or key are reached: wait a minute, or raise them with kt apps.',
  budget_exceeded: 'The budget of app or key is used up: kt apps sets another one.',
  provider_auth_error:
    "The gateway's own key of the provider is wrong: OPENAI_API_KEY (or what secret_key_ref names), in AWS the secret of the environment.",
  provider_rejected:
    'The provider does not take this request; its reason is in the message. Chat models have no /completions: choose mode Chat.',
  credentials_unavailable:
    'The gateway cannot read the key of its provider: set OPENAI_API_KEY, in AWS fill the secret that the outputs name.',
  price_unknown: 'The app has a budget and the model no known price: give its target a price in the pack.',
  ECONNREFUSED:
    'Nothing listens there. Start kt start or kt gateway run; from a container use host.docker.internal instead of 127.0.0.1.',
  ENOTFOUND:
    'The name does not resolve here. Inside Docker use the name of the service, outside that of the host.',
  TimeoutError: 'No answer within a minute: see the log of the gateway and whether its provider answers.',
};

/** What to do about a check that failed. */
export function adviceFor({ code, status }: CheckResult): string {
  const known = code === undefined ? undefined : BY_CODE[code];
  if (known) return known;
  if (status === undefined)
    return 'The URL cannot be reached from here. Look at address, port, firewall and certificate.';
  if (status >= 300 && status < 400)
    return 'Something in front of the gateway redirects. Dify would turn the POST into a GET: give the final URL.';
  if (status === 403 && code === undefined)
    return 'Not an answer of the gateway: something in front of it (a function URL with AWS_IAM, a firewall) refuses.';
  if (status >= 500) return 'kt events list shows what failed; docs/failures.md lists every code.';
  return 'docs/failures.md lists every code.';
}
