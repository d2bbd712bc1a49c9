import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { printable } from '#local/printable.ts';
import type { Terminal } from './terminal.ts';

const MAX_NAME = 200;
const STS_MS = 3000;

/** The person at this machine, as its environment names them: a claim. */
export async function localOperator({ env }: Terminal): Promise<string> {
  return printable(env['USER'] ?? env['USERNAME'] ?? 'operator', MAX_NAME);
}

/** The ARN behind the AWS credentials in use, which needs no permission. Where STS cannot be reached, the name this machine gives. */
export async function awsOperator(terminal: Terminal): Promise<string> {
  const client = new STSClient({ maxAttempts: 1 });
  try {
    const abortSignal = AbortSignal.timeout(STS_MS);
    const { Arn } = await client.send(new GetCallerIdentityCommand({}), { abortSignal });
    return Arn ?? (await localOperator(terminal));
  } catch {
    return localOperator(terminal);
  } finally {
    client.destroy();
  }
}
