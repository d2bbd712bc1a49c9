import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { errorName } from '#core/error-name.ts';

let shared: LambdaClient | undefined;

/** Another function could not be asked, or failed. The message names it and the kind of error; never what was sent. */
class InvokeFailed extends Error {
  override readonly name = 'InvokeFailed';
}

/** Calls another function and waits for what it returns, at most 15 s. Not repeated: the other side may have acted. */
export async function lambdaInvoke(
  functionName: string,
  payload: unknown,
  client: LambdaClient = sharedClient(),
): Promise<unknown> {
  const command = new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(payload) });
  const { FunctionError, Payload } = await client.send(command).catch((cause: unknown) => {
    throw new InvokeFailed(`function ${functionName} cannot be reached: ${errorName(cause)}`, { cause });
  });
  const answer = read(Payload, functionName);
  if (FunctionError) throw new InvokeFailed(`function ${functionName} failed: ${errorTypeOf(answer)}`);
  return answer;
}

function read(payload: Uint8Array | undefined, functionName: string): unknown {
  if (!payload || payload.length === 0) return null;
  try {
    return JSON.parse(new TextDecoder().decode(payload));
  } catch (cause) {
    throw new InvokeFailed(`function ${functionName} answered with no JSON`, { cause });
  }
}

function errorTypeOf(answer: unknown): string {
  const type =
    typeof answer === 'object' && answer !== null && 'errorType' in answer ? answer.errorType : undefined;
  return typeof type === 'string' ? type : 'unknown error';
}

function sharedClient(): LambdaClient {
  shared ??= new LambdaClient({
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 15_000, throwOnRequestTimeout: true },
  });
  return shared;
}
