import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Place } from '../aws-clients.ts';
import type { LambdaInvoker } from '../contract.ts';
import { openEventSource } from '../lambda/event-source.ts';
import { openSchedule } from '../lambda/schedule.ts';
import { type Declared, declared } from '../template/declared.ts';
import { physicalName, type Registry } from '../template/names.ts';
import { QUEUE_TYPES } from './queues.ts';

export const TRIGGER_TYPES = ['AWS::Lambda::EventSourceMapping', 'AWS::Events::Rule'] as const;
const [MAPPING, RULE] = TRIGGER_TYPES;

export interface Trigger {
  close(): Promise<void>;
}

interface TriggerContext {
  readonly registry: Registry;
  readonly sqs: SQSClient;
  readonly lambda: LambdaInvoker;
  readonly place: Place;
  onFailure(line: string): void;
}

/** Starts everything that calls functions by itself: queues and schedules. */
export function openTriggers(context: TriggerContext): Trigger[] {
  const mappings = declared(context.registry, MAPPING).filter(
    ({ property }) => property('Enabled') !== false,
  );
  const rules = declared(context.registry, RULE).filter(isSchedule);
  return [
    ...mappings.map((item) => eventSource(item, context)),
    ...rules.flatMap((rule) => schedules(rule, context)),
  ];
}

function eventSource(
  { property }: Declared,
  { registry, sqs, lambda, place, onFailure }: TriggerContext,
): Trigger {
  const queueArn = String(property('EventSourceArn'));
  const types = (property('FunctionResponseTypes') ?? []) as string[];
  return openEventSource(sqs, lambda, {
    queueArn,
    queueUrl: queueUrlOf(registry, queueArn),
    functionArn: String(property('FunctionName')),
    region: place.region,
    batchSize: Number(property('BatchSize') ?? 10),
    partial: types.includes('ReportBatchItemFailures'),
    onFailure,
  });
}

function queueUrlOf(registry: Registry, arn: string): string {
  for (const { stack, logicalId } of declared(registry, ...QUEUE_TYPES)) {
    const queue = registry.get(stack, logicalId);
    if (queue?.attributes['Arn'] === arn) return queue.ref;
  }
  throw new Error(`event source ${arn}: only queues of the same assembly are served here`);
}

function isSchedule({ property }: Declared): boolean {
  return property('ScheduleExpression') !== undefined && property('State') !== 'DISABLED';
}

function schedules({ stack, logicalId, property }: Declared, context: TriggerContext): Trigger[] {
  const { region, account } = context.place;
  const targets = (property('Targets') ?? []) as { Arn: string; Input?: string }[];
  return targets.map(({ Arn, Input }) =>
    openSchedule(context.lambda, {
      expression: String(property('ScheduleExpression')),
      ruleArn: `arn:aws:events:${region}:${account}:rule/${physicalName(stack, logicalId)}`,
      functionArn: Arn,
      account,
      region,
      ...(Input !== undefined && { input: JSON.parse(Input) as unknown }),
      onFailure: context.onFailure,
    }),
  );
}
