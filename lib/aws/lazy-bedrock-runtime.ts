import type { BedrockRuntime } from '#core/ports.ts';

/** A runtime that is loaded with the first call: most gateways never need its client. A failed load is tried again. */
export function lazyBedrockRuntime(load: () => Promise<BedrockRuntime>): BedrockRuntime {
  let loading: Promise<BedrockRuntime> | undefined;
  function runtime(): Promise<BedrockRuntime> {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  }
  return {
    converse: async (call) => (await runtime()).converse(call),
    converseStream: async (call) => (await runtime()).converseStream(call),
    invokeModel: async (call) => (await runtime()).invokeModel(call),
  };
}
