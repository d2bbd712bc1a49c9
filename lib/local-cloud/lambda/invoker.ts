import type { InvokeResult, LambdaInvoker } from '../contract.ts';
import { FunctionFailure, type Runner } from './runner.ts';

/** Invokes functions by name, ARN or ARN with a qualifier, as the Invoke API does. Never rejects. */
export function createInvoker(find: (name: string) => Runner | undefined): LambdaInvoker {
  return {
    async invoke(nameOrArn, payload) {
      const runner = find(functionNameOf(nameOrArn));
      if (!runner) return failed('ResourceNotFoundException', `Function not found: ${nameOrArn}`);
      try {
        const { body } = await runner.invoke(payload);
        return { ok: true, payload: await readJson(body) };
      } catch (error) {
        if (error instanceof FunctionFailure) return failed(error.errorType, error.message);
        return failed('Unknown', error instanceof Error ? error.message : String(error));
      }
    },
  };
}

/** `arn:aws:lambda:r:a:function:name:qualifier`, `a:function:name`, `name:qualifier` or `name` → `name`. */
export function functionNameOf(nameOrArn: string): string {
  const parts = nameOrArn.split(':');
  const at = parts.indexOf('function');
  return (at < 0 ? parts[0] : parts[at + 1]) ?? nameOrArn;
}

function failed(errorType: string, errorMessage: string): InvokeResult {
  return { ok: false, errorType, errorMessage };
}

/** A streaming function invoked this way answers with bytes that may be no JSON; those are handed on as text. */
async function readJson(body: AsyncIterable<Uint8Array>): Promise<unknown> {
  const parts: Uint8Array[] = [];
  for await (const part of body) parts.push(part);
  const text = Buffer.concat(parts).toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
