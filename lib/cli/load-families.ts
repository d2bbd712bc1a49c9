import type { Family } from './families/family.ts';

/** First word → its commands. Each is loaded on demand: together they take most of a second, with all policies and the AWS SDK. */
export const LOADERS: Readonly<Record<string, () => Promise<Family>>> = {
  start: async () => (await import('./commands/start.ts')).addStart,
  init: async () => (await import('./commands/init.ts')).addInit,
  policy: async () => (await import('./families/policy.ts')).policyFamily,
  gateway: async () => (await import('./families/gateway.ts')).gatewayFamily,
  dify: async () => (await import('./families/dify.ts')).difyFamily,
  events: async () => (await import('./families/events.ts')).eventsFamily,
  review: async () => (await import('./families/review.ts')).reviewFamily,
  apps: async () => (await import('./families/apps.ts')).appsFamily,
  keys: async () => (await import('./families/keys.ts')).keysFamily,
  tokens: async () => (await import('./families/tokens.ts')).tokensFamily,
  spend: async () => (await import('./families/spend.ts')).spendFamily,
  health: async () => (await import('./commands/health.ts')).addHealth,
};

const NEEDS_NONE: readonly string[] = ['version', '-v', '--version'];

/** The commands that a command line can need: one family, or all of them for help and for words that nobody knows. */
export async function loadFamilies([word = '']: readonly string[]): Promise<readonly Family[]> {
  if (NEEDS_NONE.includes(word)) return [];
  const load = Object.hasOwn(LOADERS, word) ? LOADERS[word] : undefined;
  return load ? [await load()] : (await import('./families/all.ts')).ALL_FAMILIES;
}
