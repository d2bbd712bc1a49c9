import { isObject, type Json } from '#core/json.ts';
import type { LambdaInvoker } from '../../contract.ts';
import { AwsError } from '../aws-error.ts';
import type { Service } from '../operation.ts';
import { parseResource, SERVICES } from './resource.ts';
import { StateError } from './state-error.ts';

/** Calls what a Task names and gives its result; failures are StateErrors. */
export type TaskCaller = (resource: string, input: Json, signal: AbortSignal) => Promise<Json>;

/** Calls functions through the host and service actions through the embedded services. */
export function taskCaller(
  invoker: () => LambdaInvoker | undefined,
  services: readonly Service[],
): TaskCaller {
  return async (arn, input, signal) => {
    const resource = parseResource(arn);
    if (resource.kind === 'function') return invoke(invoker(), resource.name, input);
    if (resource.name === 'lambda:invoke') return invokeWrapped(invoker(), input);
    return callService(services, resource.name, input, signal);
  };
}

async function invokeWrapped(invoker: LambdaInvoker | undefined, input: Json): Promise<Json> {
  const name = isObject(input) ? input['FunctionName'] : undefined;
  if (!isObject(input) || typeof name !== 'string') {
    throw new StateError('States.Runtime', 'lambda:invoke needs FunctionName');
  }
  const payload = await invoke(invoker, name, input['Payload'] ?? {});
  return { ExecutedVersion: '$LATEST', StatusCode: 200, Payload: payload };
}

async function invoke(invoker: LambdaInvoker | undefined, name: string, payload: Json): Promise<Json> {
  if (!invoker) throw new StateError('Lambda.ServiceException', 'no function host is running');
  const result = await invoker.invoke(name, payload).catch((error: unknown) => {
    throw new StateError('Lambda.ServiceException', String(error));
  });
  if (result.ok) return (result.payload ?? null) as Json;
  const { errorType, errorMessage } = result;
  if (errorType === 'ResourceNotFoundException') throw new StateError(`Lambda.${errorType}`, errorMessage);
  throw new StateError(errorType, JSON.stringify({ errorMessage, errorType }));
}

async function callService(
  services: readonly Service[],
  name: string,
  input: Json,
  signal: AbortSignal,
): Promise<Json> {
  const [service = '', action = ''] = name.split(':');
  const target = SERVICES.get(service);
  const operationName = action.charAt(0).toUpperCase() + action.slice(1);
  const operations = services.find((candidate) => candidate.target === target)?.operations ?? {};
  const run = Object.hasOwn(operations, operationName) ? operations[operationName] : undefined;
  if (!run) throw new StateError('States.Runtime', `the embedded cloud has no ${name}`);
  try {
    return ((await run(input, signal)) ?? {}) as Json;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const prefix = service.charAt(0).toUpperCase() + service.slice(1);
    throw new StateError(`${prefix}.${error.code}`, error.message);
  }
}
