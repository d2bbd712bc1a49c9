import type { Announcer, Clock } from '#core/ports.ts';
import { systemClock } from './system-clock.ts';

const REST_MS = 60_000;

/**
 * After a failure it fails at once for a minute: whoever makes many announcements in one run waits for a bus that hangs only once.
 */
export function restingAnnouncer(announcer: Announcer, clock: Clock = systemClock): Announcer {
  let restsUntil = 0;
  return {
    async announce(announcement) {
      if (clock.now() < restsUntil) throw new Error('the event bus failed a moment ago and is left alone');
      try {
        await announcer.announce(announcement);
      } catch (error) {
        restsUntil = clock.now() + REST_MS;
        throw error;
      }
    },
  };
}
