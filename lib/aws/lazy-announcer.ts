import type { Announcer } from '#core/ports.ts';
import { lazily } from './lazily.ts';

/** An announcer on a bus whose client is loaded with the first announcement: most invocations have none. */
export function lazyAnnouncer(bus: string): Announcer {
  const loaded = lazily(async () => {
    const { eventBridgeAnnouncer } = await import('./event-bridge-announcer.ts');
    return eventBridgeAnnouncer({ bus });
  });
  return { announce: async (announcement) => (await loaded()).announce(announcement) };
}
