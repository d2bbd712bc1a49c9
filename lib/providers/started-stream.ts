import type { JsonObject } from '#core/json.ts';
import { ProviderFailure } from './failure.ts';

/**
 * A stream whose first chunk has come. One that fails before it (overloaded, throttled: these wires say so inside a stream that
 * began well) fails like a refused call, so that another attempt is still possible.
 */
export async function startedStream(chunks: AsyncGenerator<JsonObject>): Promise<AsyncIterable<JsonObject>> {
  try {
    const first = await chunks.next();
    return first.done ? chunks : resumed(first.value, chunks);
  } catch (error) {
    if (!(error instanceof ProviderFailure) || error.code !== 'provider_error') throw error;
    throw new ProviderFailure(error.code, error.message, { status: error.status, again: true, cause: error });
  }
}

async function* resumed(first: JsonObject, rest: AsyncGenerator<JsonObject>): AsyncGenerator<JsonObject> {
  try {
    yield first;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}
