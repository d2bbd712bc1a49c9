import {
  ExecutionAlreadyExists,
  InvalidToken,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  TaskDoesNotExist,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import { GatewayError } from '#core/errors.ts';
import type { ReviewFlow } from '#core/ports.ts';

export interface ReviewFlowOptions {
  /** Needed by whoever starts reviews; deciding needs only the callback token. */
  readonly machineArn?: string;
  readonly client?: SFNClient;
}

const DEFAULT_TIMEOUT_SECONDS = 3600;

/** The review state machine in Step Functions. An execution is named by its case, so starting twice is starting once. */
export function sfnReviewFlow({
  machineArn,
  client = createSfnClient(),
}: ReviewFlowOptions = {}): ReviewFlow {
  return {
    async start(caseId, timeoutSeconds = DEFAULT_TIMEOUT_SECONDS) {
      const input = JSON.stringify({ caseId, timeout_seconds: timeoutSeconds });
      const command = new StartExecutionCommand({ stateMachineArn: machineArn, name: caseId, input });
      await client.send(command).catch((cause: unknown) => {
        if (cause instanceof ExecutionAlreadyExists) return;
        const message = 'The answer needs a review that cannot be started right now. Try again in a moment.';
        throw new GatewayError('review_unavailable', message, { cause });
      });
    },
    async resume(token, decision) {
      const output = JSON.stringify(decision);
      try {
        await client.send(new SendTaskSuccessCommand({ taskToken: token, output }));
        return 'resumed';
      } catch (error) {
        if (isGone(error)) return 'gone';
        throw error;
      }
    },
  };
}

function isGone(error: unknown): boolean {
  return error instanceof TaskTimedOut || error instanceof TaskDoesNotExist || error instanceof InvalidToken;
}

function createSfnClient(): SFNClient {
  return new SFNClient({
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
  });
}
