import type { PlainFacts } from '#core/ledger/plain-event.ts';
import type { AppKey } from '#core/ports.ts';
import type { KeyStore } from './key-store.ts';
import type { Terminal } from './terminal.ts';

/** Records what an operator did to a key. */
export async function recordKeyAct(
  { record }: KeyStore,
  { env }: Terminal,
  key: AppKey,
  act: Pick<PlainFacts, 'at' | 'type' | 'route'> & { readonly detail?: string },
): Promise<void> {
  await record({
    requestId: key.id,
    appId: key.appId,
    keyId: key.id,
    auth: 'system',
    reviewer: env['USER'] ?? env['USERNAME'] ?? 'operator',
    detail: key.name,
    ...act,
  });
}
