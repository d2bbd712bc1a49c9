import * as z from 'zod';
import { AwsError } from '../aws-error.ts';

const DEFAULTS = {
  VisibilityTimeout: '30',
  DelaySeconds: '0',
  MessageRetentionPeriod: '345600',
  MaximumMessageSize: '1048576',
  ReceiveMessageWaitTimeSeconds: '0',
} as const;

const LIMITS: Record<keyof typeof DEFAULTS, readonly [min: number, max: number]> = {
  VisibilityTimeout: [0, 43_200],
  DelaySeconds: [0, 900],
  MessageRetentionPeriod: [60, 1_209_600],
  MaximumMessageSize: [1024, 1_048_576],
  ReceiveMessageWaitTimeSeconds: [0, 20],
};

const OTHERS = ['Policy', 'RedrivePolicy', 'RedriveAllowPolicy', 'KmsMasterKeyId'];
const OTHERS_IGNORED = ['KmsDataKeyReusePeriodSeconds', 'SqsManagedSseEnabled'];

const Redrive = z.object({
  deadLetterTargetArn: z.string().regex(/^arn:[^:]+:sqs:/),
  maxReceiveCount: z.coerce.number().int().min(1).max(1000),
});
export type Redrive = z.infer<typeof Redrive>;

/** Attributes of a queue as strings, the way SQS keeps them. */
export type QueueAttributes = Readonly<Record<string, string>>;

/** Checks attributes to be set; throws what SQS answers. */
export function checkAttributes(attributes: QueueAttributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'FifoQueue' || name === 'ContentBasedDeduplication') {
      throw new AwsError('UnsupportedOperation', 'the embedded SQS has standard queues only');
    }
    if (isNumeric(name)) checkRange(name, value);
    else if (![...OTHERS, ...OTHERS_IGNORED].includes(name)) {
      throw new AwsError('InvalidAttributeName', `Unknown Attribute ${name}.`);
    }
  }
  if (attributes['RedrivePolicy']) redriveOf(attributes);
}

function isNumeric(name: string): name is keyof typeof DEFAULTS {
  return Object.hasOwn(DEFAULTS, name);
}

function checkRange(name: keyof typeof DEFAULTS, value: string): void {
  const [min, max] = LIMITS[name];
  if (!/^\d+$/.test(value) || Number(value) < min || Number(value) > max) {
    throw new AwsError('InvalidAttributeValue', `Invalid value for the parameter ${name}: ${min} to ${max}.`);
  }
}

/** A number attribute, or SQS's default. Seconds or bytes. */
export function numberOf(attributes: QueueAttributes, name: keyof typeof DEFAULTS): number {
  return Number(attributes[name] ?? DEFAULTS[name]);
}

/** Where messages go that were received too often; undefined = nowhere. */
export function redriveOf(attributes: QueueAttributes): Redrive | undefined {
  const text = attributes['RedrivePolicy'];
  if (!text) return undefined;
  const parsed = Redrive.safeParse(readJson(text));
  if (parsed.success) return parsed.data;
  throw new AwsError(
    'InvalidAttributeValue',
    'RedrivePolicy needs deadLetterTargetArn and maxReceiveCount (1 to 1000)',
  );
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** All set attributes over the defaults. */
export function withDefaults(attributes: QueueAttributes): QueueAttributes {
  return { ...DEFAULTS, SqsManagedSseEnabled: 'true', ...attributes };
}
