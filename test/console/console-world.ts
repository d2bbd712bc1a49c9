import { isDeepStrictEqual } from 'node:util';
import { Key } from '#core/auth/key.ts';
import { compilePack } from '#core/pack/compile.ts';
import type { Pack } from '#core/pack/pack.ts';
import type { App, AppKey } from '#core/ports.ts';
import { catalogue } from '#policies/catalogue.ts';
import { openApiDocument } from '../../lib/console/openapi/document.ts';
import type { ConsolePorts } from '../../lib/console/ports.ts';

const YAML = `
pack: { name: console-test, version: "1" }
providers:
  targets:
    - { id: main, provider: openai, model: gpt-4o-mini, secret_key_ref: { env: OPENAI_API_KEY } }
policies:
  chain: [prompt-injection, pii-detector]
`;

/** A small pack with two policies. */
export const consolePack: Pack = packOf(YAML);

function packOf(yaml: string): Pack {
  const compiled = compilePack(yaml, 'console.yaml', catalogue);
  if ('problems' in compiled) throw new Error(JSON.stringify(compiled.problems));
  return compiled.pack;
}

type World = Pick<
  ConsolePorts,
  'admin' | 'budgets' | 'catalogue' | 'cursorKey' | 'document' | 'ids' | 'random'
>;

/** Apps and keys in memory, with the lists they lie in. */
export function consoleWorld() {
  const apps = new Map<string, App>();
  const keys = new Map<string, AppKey>();
  let made = 0;
  const change = (id: string, over: Partial<AppKey>) => {
    for (const [hash, key] of keys) if (key.id === id) keys.set(hash, { ...key, ...over });
    return Promise.resolve([...keys.values()].some((key) => key.id === id));
  };
  const world: World = {
    admin: {
      async putApp(app, _act, over) {
        if (over !== undefined && !isDeepStrictEqual(apps.get(app.id) ?? null, over)) return false;
        apps.set(app.id, app);
        return true;
      },
      listApps: async () => [...apps.values()],
      putKey: async (hash, key) => void keys.set(hash, key),
      listKeys: async () => [...keys.values()],
      async rotateKey({ id, until }, hash, next) {
        if ([...keys.values()].find((key) => key.id === id)?.revokedAt !== undefined) return false;
        keys.set(hash, next);
        return change(id, { expiresAt: until });
      },
      revokeKey: (id, revokedAt) => change(id, { revokedAt }),
      expireKey: (id, expiresAt) => change(id, { expiresAt }),
    },
    budgets: { states: async (ids) => ids.map((id) => ({ id, spentMicros: 40, usedMicros: 50 })) },
    catalogue: async () => catalogue,
    document: async (version) => openApiDocument(version),
    cursorKey: async () => new Key('a key of tests'),
    ids: {
      next() {
        made += 1;
        return `01J${made}`;
      },
    },
    random: (size) => new Uint8Array(size).fill(100 + made),
  };
  return { world, apps, keys };
}
