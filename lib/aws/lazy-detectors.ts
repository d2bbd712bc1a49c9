import type { CloudDetectors } from '#core/ports.ts';

/** Detectors whose clients are loaded when the first text is sent: most gateways ask nobody. A failed load is tried again. */
export function lazyDetectors(load: () => Promise<CloudDetectors>): CloudDetectors {
  let loading: Promise<CloudDetectors> | undefined;
  return {
    async ask(question, signal) {
      loading ??= load().catch((error: unknown) => {
        loading = undefined;
        throw error;
      });
      return (await loading).ask(question, signal);
    },
  };
}
