import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Tracing } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Environment } from '#env/environment.ts';
import type { FunctionName, FunctionVariables } from '#env/functions.ts';
import { acknowledgeTracing } from './acknowledgements.ts';
import type { Bundles } from './bundles.ts';
import { permit } from './permissions.ts';

/** What all functions of an environment share. */
export interface House {
  readonly name: string;
  readonly environment: Environment;
  readonly bundles: Bundles;
}

export interface HouseFunctionProps<N extends FunctionName> {
  readonly house: House;
  readonly description: string;
  /** Everything but what the house knows; a missing or misspelt variable is a compile error. */
  readonly variables: Omit<FunctionVariables<N>, 'KT_ENV' | 'DEPLOYMENT_FILE'>;
  readonly timeout: Duration;
  /** MB, where the environment says nothing. @default 256 */
  readonly memory?: number;
}

/** A function as this house runs it: its own role, its own log group that ends, traced, arm64, Node 24. */
export class HouseFunction<N extends FunctionName> extends NodejsFunction {
  readonly functionLogs: LogGroup;

  constructor(scope: Construct, id: string, name: N, props: HouseFunctionProps<N>) {
    const { house } = props;
    const { memory, concurrency } = house.environment;
    const logGroup = keepLogs(scope, `${id}Logs`, house.environment);
    const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    permit(role, ['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]);
    const reserved = concurrency[name];

    super(scope, id, {
      ...house.bundles.of(name),
      description: props.description,
      role,
      logGroup,
      tracing: Tracing.ACTIVE,
      timeout: props.timeout,
      memorySize: memory[name] ?? props.memory ?? 256,
      environment: { KT_ENV: house.name, ...defined(props.variables) },
      ...(reserved === undefined ? {} : { reservedConcurrentExecutions: reserved }),
    });
    this.functionLogs = logGroup;
    acknowledgeTracing(role);
  }
}

/** A log group with an end; of a protected environment it outlives its stack. */
function keepLogs(scope: Construct, id: string, environment: Environment): LogGroup {
  return new LogGroup(scope, id, {
    retention: environment.logs.retention_days,
    removalPolicy: environment.protected ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  });
}

function defined(variables: Record<string, unknown>): Record<string, string> {
  const pairs = Object.entries(variables).filter(
    (pair): pair is [string, string] => typeof pair[1] === 'string',
  );
  return Object.fromEntries(pairs);
}
