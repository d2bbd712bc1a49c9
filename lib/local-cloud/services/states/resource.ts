/** What a Task calls: a function by ARN, or an action of a service. */
export interface Resource {
  readonly kind: 'function' | 'service';
  /** ARN of the function, or `lambda:invoke`, `sqs:sendMessage`, … */
  readonly name: string;
  /** The execution goes on when the callback token comes back. */
  readonly waits: boolean;
}

const FUNCTION = /^arn:[^:]+:lambda:[^:]*:[^:]*:function:/;
const SERVICE = /^arn:[^:]+:states:::([a-z-]+:[A-Za-z]+)(\.waitForTaskToken)?$/;

/** Reads the Resource of a Task; throws for a kind this interpreter cannot call. */
export function parseResource(arn: string): Resource {
  if (FUNCTION.test(arn)) return { kind: 'function', name: arn, waits: false };
  const [, name, waits] = SERVICE.exec(arn) ?? [];
  if (name === undefined || !SERVICES.has(name.split(':')[0] ?? '')) {
    throw new Error(`the resource ${arn} is not one the embedded cloud can call`);
  }
  return { kind: 'service', name, waits: waits !== undefined };
}

/** Services whose actions a Task can call, with the prefix of their target. */
export const SERVICES: ReadonlyMap<string, string> = new Map([
  ['lambda', 'lambda'],
  ['sqs', 'AmazonSQS'],
  ['dynamodb', 'DynamoDB_20120810'],
  ['events', 'AWSEvents'],
]);
