import type { BedrockRuntime } from '#core/ports.ts';
import { lazily } from './lazily.ts';

/** A runtime that is loaded with the first call: most gateways never need its client. */
export function lazyBedrockRuntime(load: () => Promise<BedrockRuntime>): BedrockRuntime {
  const runtime = lazily(load);
  return {
    converse: async (call) => (await runtime()).converse(call),
    converseStream: async (call) => (await runtime()).converseStream(call),
    invokeModel: async (call) => (await runtime()).invokeModel(call),
  };
}
