import {
  BedrockRuntimeClient,
  ConverseCommand,
  type ConverseCommandInput,
  ConverseStreamCommand,
  type ConverseStreamCommandInput,
  InvokeModelCommand,
  type InvokeModelCommandInput,
} from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { BedrockCall, BedrockRuntime } from '#core/ports.ts';

/** What Bedrock counts beside the body of InvokeModel. */
const INPUT_TOKENS = 'x-amzn-bedrock-input-token-count';

/** Bedrock through the AWS SDK. Inputs come in the documented shape: the SDK's types are asserted here and nowhere else. */
export function bedrockRuntime(): BedrockRuntime {
  const clients = new Map<string, BedrockRuntimeClient>();

  function connect(call: BedrockCall): BedrockRuntimeClient {
    const name = JSON.stringify([call.region, call.endpoint, call.token?.reveal()]);
    const client = clients.get(name) ?? createClient(call);
    clients.set(name, client);
    return client;
  }

  return {
    converse(call) {
      const command = new ConverseCommand(call.input as unknown as ConverseCommandInput);
      return connect(call).send(command, { abortSignal: call.signal });
    },
    async converseStream(call) {
      const command = new ConverseStreamCommand(call.input as unknown as ConverseStreamCommandInput);
      const { stream, $metadata } = await connect(call).send(command, { abortSignal: call.signal });
      if (!stream) throw new Error('Bedrock gave no stream');
      return { events: stream, ...idOf($metadata) };
    },
    async invokeModel(call) {
      const command = new InvokeModelCommand(call.input as unknown as InvokeModelCommandInput);
      const counted = readHeader(command, INPUT_TOKENS);
      const { body, $metadata } = await connect(call).send(command, { abortSignal: call.signal });
      const inputTokens = Number(counted.value ?? Number.NaN);
      return { body, ...idOf($metadata), ...(Number.isSafeInteger(inputTokens) ? { inputTokens } : {}) };
    },
  };
}

/** The SDK hands out no headers of an answer; a step of its own pipeline sees them. */
function readHeader(command: InvokeModelCommand, name: string): { value?: string | undefined } {
  const found: { value?: string | undefined } = {};
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      found.value = (result.response as { headers?: Record<string, string> }).headers?.[name];
      return result;
    },
    { step: 'deserialize', name: 'readHeader' },
  );
  return found;
}

function idOf({ requestId }: { requestId?: string | undefined }): { requestId?: string } {
  return requestId ? { requestId } : {};
}

/** HTTP/1.1, and no retries: how often a provider is asked is the gateway's decision. */
function createClient({ region, endpoint, token }: BedrockCall): BedrockRuntimeClient {
  return new BedrockRuntimeClient({
    region,
    endpoint,
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({ connectionTimeout: 5000 }),
    ...(token ? { token: { token: token.reveal() }, authSchemePreference: ['httpBearerAuth'] } : {}),
  });
}
