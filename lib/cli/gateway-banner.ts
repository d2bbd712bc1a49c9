import type { Pack } from '#core/pack/pack.ts';
import { variableName } from '#local/environment-secrets.ts';
import { acceptsProviderKey } from './standalone-gateway.ts';
import { paint, type Terminal } from './terminal.ts';

/** What is said beside the pack. */
export interface Shown {
  readonly url: string;
  readonly file: string;
  readonly folder: string;
  readonly workers?: number;
  readonly metrics?: string;
  /** The control plane's origin. */
  readonly reports?: string;
}

/** What a person needs once the gateway listens; one fact per line. */
export function gatewayBanner(
  pack: Pack,
  { url, file, folder, workers, metrics, reports }: Shown,
  terminal: Terminal,
): string {
  const facts: (readonly [string, string])[] = [
    ['gateway', `${paint(terminal, 'bold', `${url}/v1`)}   Dify: "API Endpoint URL"`],
    ['pack', `${pack.name}@${pack.version}  ${pack.hash.slice(0, 12)}  (${file})`],
    [
      'chain',
      pack.chain.map(({ kind, mode }) => (mode === 'observe' ? `${kind} (observe)` : kind)).join(' › '),
    ],
    ['models', targets(pack, terminal)],
    ['keys', keys(pack)],
    ['record', `${folder}/journal   read it with: kt events tail`],
    ...(workers ? [['workers', String(workers)] as const] : []),
    ...(metrics ? [['metrics', metrics] as const] : []),
    ...(reports ? [['reports', `events go to ${reports}`] as const] : []),
  ];
  return facts.map(([name, fact]) => `${paint(terminal, 'cyan', name.padEnd(9))} ${fact}`).join('\n');
}

/** The environment variables of provider keys that are not set: calls to those providers will be refused. */
export function missingSecrets(pack: Pack, { env }: Pick<Terminal, 'env'>): string[] {
  const variables = pack.targets.flatMap(({ secret }) =>
    secret ? variableName('env' in secret ? secret.env : secret.store) : [],
  );
  return [...new Set(variables)].filter((variable) => !env[variable]?.trim());
}

function targets(pack: Pack, { env }: Terminal): string {
  const override = env['OPENAI_BASE_URL']?.trim();
  return pack.targets
    .map((target) => {
      const replaced = override && target.vendor === 'openai';
      return `${target.model} → ${replaced ? `${override} (OPENAI_BASE_URL)` : target.base_url}`;
    })
    .join(', ');
}

function keys(pack: Pack): string {
  const own = 'app keys from kt keys create';
  return acceptsProviderKey(pack) ? `the provider's own key (seed mode), or ${own}` : own;
}
