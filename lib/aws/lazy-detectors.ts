import type { CloudDetectors } from '#core/ports.ts';
import { lazily } from './lazily.ts';

/** Detectors whose clients are loaded when the first text is sent: most gateways ask nobody. */
export function lazyDetectors(load: () => Promise<CloudDetectors>): CloudDetectors {
  const detectors = lazily(load);
  return { ask: async (question, signal) => (await detectors()).ask(question, signal) };
}
