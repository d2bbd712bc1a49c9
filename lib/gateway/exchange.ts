import type { Hold } from '#core/budget/hold.ts';
import type { Cost, Usage } from '#core/cost/usage.ts';
import { NO_USAGE } from '#core/cost/usage.ts';
import type { JsonObject } from '#core/json.ts';
import type { Attempt, LedgerEvent, PolicyRecord } from '#core/ledger/event.ts';
import type { Target } from '#core/pack/pack.ts';
import type { Trace } from '#core/trace/trace.ts';
import type { Attachment } from '#providers/provider.ts';
import type { ModelRoute } from './model-route.ts';
import type { Caller, GatewayDeployment } from './ports.ts';

/** What is known about a call while it is under way; the recorder turns it into the one final event. */
export interface Exchange {
  readonly requestId: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly route: string;
  readonly modelRoute: ModelRoute;
  readonly deployment: GatewayDeployment;
  readonly caller: Caller;
  readonly tenantKey: string;
  readonly trace: Trace;

  /** The request as the client sent it, claims removed. */
  asked: JsonObject;
  /** The same as it will be forwarded: in the provider's words, edits applied. */
  body: JsonObject;
  /** The audio of a form. */
  attachment: Attachment | undefined;
  model: string;
  stream: boolean;
  validation: boolean;
  claims: Record<string, string>;
  claimConflict: boolean;
  endUser: string | undefined;
  charsIn: number;
  inputHmac: string | undefined;

  readonly attempts: Attempt[];
  /** What each provider call that was given up before it answered may cost, micro-dollars; null = unknown price. */
  readonly givenUp: (number | null)[];
  /** By target id, the most one provider call can cost. */
  readonly mostMicros: Map<string, number | null>;
  readonly policies: PolicyRecord[];
  /** Kinds that failed and were passed over (`on_error: allow`); each gets an event of its own. */
  readonly bypassed: string[];
  readonly unscannedParts: string[];
  verdict: LedgerEvent['verdict'];

  target: Target | undefined;
  modelUsed: string | undefined;
  /** `service_tier` and `system_fingerprint`. */
  readonly servedAs: JsonObject;
  providerRequestId: string | undefined;
  firstByteAt: number | undefined;
  charsOut: number;
  usage: Usage;
  /** Of models that judged the answer: the app pays for them, too. */
  readonly judgeCosts: Cost[];
  /** Set when the cost is not simply usage × price. */
  cost: Cost | undefined;
  reviewId: string | undefined;
  /** What is set aside of budgets for this call. */
  hold: Hold | undefined;
  /** What the headers say about rate limits. */
  rate: Record<string, string>;
  /** Gives back the places the call took; called when it has ended. */
  readonly leave: (() => Promise<void>)[];
  /** Micro-dollars that a full budget had no room for. */
  wanted: number | undefined;
}

/** How a call ended. */
export interface Ending {
  readonly type: Extract<LedgerEvent['type'], `request.${string}`>;
  readonly status: number;
  readonly complete: boolean;
  readonly errorCode?: string;
  readonly finishReason?: string;
  readonly detail?: string;
}

export function startExchange(
  known: Pick<
    Exchange,
    'requestId' | 'startedAt' | 'route' | 'modelRoute' | 'deployment' | 'caller' | 'tenantKey' | 'trace'
  >,
): Exchange {
  return {
    ...known,
    asked: {},
    body: {},
    attachment: undefined,
    model: '',
    stream: false,
    validation: false,
    claims: {},
    claimConflict: false,
    endUser: undefined,
    charsIn: 0,
    inputHmac: undefined,
    attempts: [],
    givenUp: [],
    mostMicros: new Map(),
    policies: [],
    bypassed: [],
    unscannedParts: [],
    verdict: 'none',
    target: undefined,
    modelUsed: undefined,
    servedAs: {},
    providerRequestId: undefined,
    firstByteAt: undefined,
    charsOut: 0,
    usage: NO_USAGE,
    judgeCosts: [],
    cost: undefined,
    reviewId: undefined,
    hold: undefined,
    wanted: undefined,
    rate: {},
    leave: [],
  };
}
