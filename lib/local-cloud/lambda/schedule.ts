import { randomUUID } from 'node:crypto';
import type { LambdaInvoker } from '../contract.ts';

const UNITS: Record<string, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** Milliseconds of `rate(1 minute)`; throws for anything else, naming it. */
export function rateMs(expression: string): number {
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const ms = Number(count) * (UNITS[unit ?? ''] ?? Number.NaN);
  if (!(ms > 0)) throw new Error(`schedule ${expression}: only rate(n minutes|hours|days) runs locally`);
  return ms;
}

export interface ScheduleOptions {
  readonly expression: string;
  readonly ruleArn: string;
  readonly functionArn: string;
  readonly account: string;
  readonly region: string;
  /** The constant input of the rule's target; undefined = the usual event. */
  readonly input?: unknown;
  onFailure?(line: string): void;
}

/** Invokes a function at a rate until closed. A tick is left out while the one before still runs. */
export function openSchedule(lambda: LambdaInvoker, options: ScheduleOptions): { close(): Promise<void> } {
  let running: Promise<void> | undefined;
  const timer = setInterval(() => {
    running ??= tick(lambda, options).finally(() => {
      running = undefined;
    });
  }, rateMs(options.expression)).unref();
  return {
    async close() {
      clearInterval(timer);
      await running;
    },
  };
}

async function tick(lambda: LambdaInvoker, options: ScheduleOptions): Promise<void> {
  const result = await lambda.invoke(options.functionArn, options.input ?? scheduledEvent(options));
  if (!result.ok) options.onFailure?.(`${options.functionArn}: ${result.errorType}: ${result.errorMessage}`);
}

function scheduledEvent({ account, region, ruleArn }: ScheduleOptions): unknown {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account,
    time: `${new Date().toISOString().slice(0, 19)}Z`,
    region,
    resources: [ruleArn],
    detail: {},
  };
}
