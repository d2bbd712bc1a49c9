import { isObject, type JsonObject } from '#core/json.ts';
import type { BedrockCall, BedrockRuntime } from '#core/ports.ts';
import { toCompletion } from './bedrock/answer.ts';
import { embed } from './bedrock/embeddings.ts';
import { failureOf } from './bedrock/failures.ts';
import { converseRequest } from './bedrock/request.ts';
import { toChunks } from './bedrock/stream.ts';
import { within } from './bedrock/within.ts';
import { lacking, ProviderFailure } from './failure.ts';
import type { Dialect, ProviderAnswer, ProviderCall } from './provider.ts';

const LATE = 'The provider did not answer in time.';
const STALLED = 'The provider stopped answering.';

/** Amazon Bedrock: Converse and ConverseStream for chat, InvokeModel for embeddings, through the AWS SDK. */
export const bedrock: Dialect = async (call) => {
  const session = new Session(call);
  if (call.operation === 'embeddings') return session.embed();
  if (call.operation !== 'chat') throw lacking('bedrock', call.operation);
  const { input, legacy } = converseRequest(call);
  return call.stream ? session.stream(input, legacy) : session.whole(input, legacy);
};

/** One call: what it needs of the SDK, and how it is given up. */
class Session {
  readonly #call: ProviderCall;
  readonly #runtime: BedrockRuntime;
  readonly #stop = new AbortController();

  constructor(call: ProviderCall) {
    if (!call.bedrock)
      throw new ProviderFailure('config_unavailable', 'This gateway is not connected to Bedrock.');
    this.#call = call;
    this.#runtime = call.bedrock;
  }

  async whole(input: BedrockCall['input'], legacy: boolean): Promise<ProviderAnswer> {
    const answer = await this.#begin((request) => this.#runtime.converse(request), input);
    if (!isObject(answer)) throw new ProviderFailure('provider_error', 'The provider gave no answer.');
    const { $metadata } = answer;
    const requestId = isObject($metadata) ? $metadata['requestId'] : undefined;
    const id = typeof requestId === 'string' ? { requestId } : {};
    return { kind: 'whole', body: toCompletion(answer, legacy), ...id };
  }

  async stream(input: BedrockCall['input'], legacy: boolean): Promise<ProviderAnswer> {
    const { events, ...id } = await this.#begin((request) => this.#runtime.converseStream(request), input);
    return { kind: 'stream', chunks: this.#guarded(toChunks(this.#awaited(events), legacy)), ...id };
  }

  async embed(): Promise<ProviderAnswer> {
    const ask = (input: BedrockCall['input']) =>
      this.#begin((request) => this.#runtime.invokeModel(request), input);
    return { kind: 'whole', body: await embed(this.#call, ask) };
  }

  /** Everything until the first byte. */
  async #begin<T>(ask: (request: BedrockCall) => Promise<T>, input: BedrockCall['input']): Promise<T> {
    const { target, baseUrl, key, signal } = this.#call;
    const request: BedrockCall = {
      region: target.region ?? '',
      endpoint: baseUrl,
      ...(target.secret ? { token: key } : {}),
      input,
      signal: AbortSignal.any([signal, this.#stop.signal]),
    };
    try {
      return await within(ask(request), target.timeout_ms, LATE, () => this.#stop.abort());
    } catch (error) {
      throw failureOf(error);
    }
  }

  /** Events that come within the target's idle time. */
  async *#awaited(events: AsyncIterable<unknown>): AsyncGenerator<unknown> {
    const idle = this.#call.target.idle_timeout_ms;
    const iterator = events[Symbol.asyncIterator]();
    for (;;) {
      const step = await within(iterator.next(), idle, STALLED, () => this.#stop.abort());
      if (step.done) return;
      yield step.value;
    }
  }

  /** Failures in our words; the connection is closed however reading ends. */
  async *#guarded(chunks: AsyncGenerator<JsonObject>): AsyncGenerator<JsonObject> {
    let begun = false;
    try {
      for await (const chunk of chunks) {
        begun = true;
        yield chunk;
      }
    } catch (error) {
      const failure = failureOf(error);
      if (!begun || !failure.again) throw failure;
      throw new ProviderFailure(failure.code, failure.message, { status: 200, cause: failure });
    } finally {
      this.#stop.abort();
    }
  }
}
