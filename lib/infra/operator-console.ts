import { Duration, Stack } from 'aws-cdk-lib';
import { type FunctionUrl, FunctionUrlAuthType, InvokeMode } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Environment } from '#env/environment.ts';
import type { AuditTrail } from './audit-trail.ts';
import type { DataStack } from './data-stack.ts';
import { type House, HouseFunction } from './house-function.ts';
import type { ReviewDesk } from './review-desk.ts';

export interface OperatorConsoleProps {
  readonly house: House;
  readonly data: DataStack;
  readonly trail: AuditTrail;
  readonly reviews: ReviewDesk;
  /** `*` → that of all apps, app id → that of a dedicated one. */
  readonly gatewayUrls: Readonly<Record<string, string>>;
}

/** Where people look and decide. It reads, writes apps and keys, and asks another function for decisions. It sees no secret but its own. */
export class OperatorConsole extends Construct {
  readonly function: HouseFunction<'console'>;
  readonly url: FunctionUrl;

  constructor(
    scope: Construct,
    id: string,
    { house, data, trail, reviews, gatewayUrls }: OperatorConsoleProps,
  ) {
    super(scope, id);
    this.function = new HouseFunction(this, 'Function', 'console', {
      house,
      description: 'Console: API and page',
      variables: {
        LEDGER_TABLE: data.ledger.table.tableName,
        STATE_TABLE: data.state.table.tableName,
        CONTENT_TABLE: data.content.table.tableName,
        EVENT_QUEUE_URL: trail.queue.queueUrl,
        REVIEW_DECIDE_FUNCTION: reviews.decide.functionName,
        CURSOR_KEY_ARN: data.keys.cursors.secretArn,
        GATEWAY_URLS: Stack.of(this).toJsonString(gatewayUrls),
        OIDC: this.oidc(house.environment.console, data),
      },
      timeout: Duration.seconds(60),
      memory: 512,
    });
    data.ledger.grantRead(this.function);
    data.state.grantRead(this.function);
    data.state.grantList(this.function);
    data.state.grantAdminister(this.function);
    data.state.grantNoteUse(this.function);
    data.content.grantRead(this.function);
    data.keys.grantReadCursors(this.function);
    trail.grantSend(this.function);
    reviews.grantDecide(this.function);
    this.url = this.function.addFunctionUrl({
      authType: FunctionUrlAuthType.NONE,
      invokeMode: InvokeMode.RESPONSE_STREAM,
    });
  }
  /** Who signs people in, as the function reads it. */
  private oidc(settings: Environment['console'], { signIn }: DataStack): string | undefined {
    if (settings.identity !== 'oidc') return signIn?.settings(this);
    const { identity: _identity, ...oidc } = settings;
    return JSON.stringify(oidc);
  }
}
