import { Duration } from 'aws-cdk-lib';
import { type FunctionUrl, FunctionUrlAuthType, InvokeMode } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { PackRemote, Target } from '#core/pack/pack.ts';
import type { DeployedApp } from '#env/deployment.ts';
import type { AppProfiles } from './app-profiles.ts';
import type { AuditTrail } from './audit-trail.ts';
import { grantModels } from './bedrock-access.ts';
import type { DataStack } from './data-stack.ts';
import { grantDetectors } from './grant-detectors.ts';
import { type House, HouseFunction } from './house-function.ts';
import { tagDedicated } from './house-tags.ts';
import type { ReviewDesk } from './review-desk.ts';

export interface GatewayDoorProps {
  readonly house: House;
  readonly data: DataStack;
  readonly trail: AuditTrail;
  readonly reviews: ReviewDesk;
  readonly acceptProviderKey: boolean;
  /** Whom the policies of the pack ask. */
  readonly remotes: readonly PackRemote[];
  /** What the pack calls; those on Bedrock are called with the function's role. */
  readonly targets: readonly Target[];
  /** Through which apps call models on Bedrock. */
  readonly profiles: AppProfiles;
  /** The door of one app alone: its own function, role, logs, URL and bill. */
  readonly dedicated?: DeployedApp;
}

/**
 * Where a client's model calls come in: a function and its streaming URL. The URL asks for no AWS signature, because stock
 * OpenAI clients cannot sign; the function checks our keys.
 */
export class GatewayDoor extends Construct {
  readonly function: HouseFunction<'gateway'>;
  readonly url: FunctionUrl;
  /** The only app it serves, if it serves one only. */
  readonly app: string | undefined;

  constructor(scope: Construct, id: string, props: GatewayDoorProps) {
    super(scope, id);
    const { house, dedicated } = props;
    this.app = dedicated?.id;
    this.function = new HouseFunction(this, 'Function', 'gateway', {
      house,
      description: dedicated ? `Gateway of the app ${dedicated.id} alone` : 'Gateway of all apps',
      variables: this.variables(props),
      timeout: Duration.seconds(house.environment.gateway.timeout_seconds),
      memory: 1024,
    });
    this.grant(props);
    this.url = this.function.addFunctionUrl({
      authType: FunctionUrlAuthType.NONE,
      invokeMode: InvokeMode.RESPONSE_STREAM,
    });
    if (dedicated) tagDedicated(this, dedicated);
  }

  private variables({ data, trail, reviews, profiles, acceptProviderKey, dedicated }: GatewayDoorProps) {
    return {
      STATE_TABLE: data.state.table.tableName,
      LEDGER_TABLE: data.ledger.table.tableName,
      CONTENT_TABLE: data.content.table.tableName,
      EVENT_QUEUE_URL: trail.queue.queueUrl,
      REVIEW_MACHINE_ARN: reviews.machine.stateMachineArn,
      SECRET_ARNS: data.keys.arns(this),
      TENANT_KEY_ARN: data.keys.tenant.secretArn,
      ACCEPT_PROVIDER_KEY: acceptProviderKey ? ('true' as const) : ('false' as const),
      ...profiles.variables(this, dedicated?.id),
      ...(dedicated ? { DEDICATED_APP: dedicated.id } : {}),
    };
  }

  private grant({ data, trail, reviews, remotes, targets, profiles, dedicated }: GatewayDoorProps): void {
    grantModels(this.function, targets);
    profiles.grantUse(this.function, dedicated?.id);
    data.keys.grantRead(this.function);
    data.state.grantRead(this.function);
    data.state.grantOpen(this.function);
    data.ledger.grantAppend(this.function); // only when the queue takes nothing
    data.content.grantRead(this.function);
    data.content.grantWrite(this.function);
    trail.grantSend(this.function);
    reviews.grantStart(this.function);
    grantDetectors(this.function, remotes);
  }
}
