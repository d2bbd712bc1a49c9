import type { Budget, Limits } from '#core/budget/budget.ts';
import type { PriceTable } from '#core/cost/price.ts';
import type { RateStore } from '#core/limits/rate-store.ts';
import type { DataRequirements, Pack } from '#core/pack/pack.ts';
import type { Catalogue, InputText, Leaf } from '#core/policy/policy.ts';
import type {
  BedrockRuntime,
  BudgetBook,
  Clock,
  CloudDetectors,
  EventSink,
  Ids,
  IntentLog,
  KeyRing,
  Log,
  Metrics,
  App as Payer,
  ReviewDesk,
  ReviewFlow,
  Secrets,
  UsageReader,
} from '#core/ports.ts';
import type { Fetch } from '#providers/provider.ts';

/** What the gateway needs from the world. */
export interface GatewayPorts {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly keys: KeyRing;
  readonly secrets: Secrets;
  /** Write-ahead intents; required when the pack's audit mode is `strict`. */
  readonly intents?: IntentLog;
  readonly events: EventSink;
  /** What processes share to keep rate limits; without it each process counts for itself. */
  readonly rates?: RateStore;
  /** How much of budgets is gone, for a key holder who asks. */
  readonly budgets?: BudgetBook;
  readonly usage?: UsageReader;
  /** Both or none: without them an escalated answer is blocked. */
  readonly reviews?: ReviewDesk;
  readonly flow?: ReviewFlow;
  /** Comprehend and Bedrock Guardrails; without them a policy that asks them fails closed. */
  readonly detectors?: CloudDetectors;
  /** Amazon Bedrock as provider; without it its targets cannot be called. */
  readonly bedrock?: BedrockRuntime;
  readonly log: Log;
  /** What no event tells: the breakers. */
  readonly metrics?: Pick<Metrics, 'set'>;
  /** Looks at the address it connects to (lib/egress). */
  readonly fetch: Fetch;
}

/** An app as the environment declares it. */
interface DeclaredApp {
  readonly id: string;
  readonly cost_center: string;
  /** Allowed models and aliases, beside those of the app itself and of its key. */
  readonly models?: readonly string[] | undefined;
  readonly requires?: DataRequirements | undefined;
  readonly dify_app_ids?: readonly string[] | undefined;
  readonly budget?: Budget | undefined;
  readonly limits?: Limits | undefined;
}

/** The part of a Deployment the gateway reads; `pack` is asked for once per call, so a reload takes effect on the next call. */
export interface GatewayDeployment {
  readonly environment: string;
  readonly version: string;
  readonly pack: Pack;
  readonly prices: PriceTable;
  readonly apps: readonly DeclaredApp[];
  readonly costTags: Readonly<Record<string, string>>;
}

export interface GatewayOptions {
  /** The active deployment, or a function that gives it (hot reload). */
  readonly deployment: GatewayDeployment | (() => GatewayDeployment);
  readonly catalogue: Catalogue;
  /** Builds the text views of leaves (lib/core/text). */
  readonly buildInput: (leaves: readonly Leaf[]) => InputText;
  /** Random id of this process or execution environment: the emitter of its event chain. */
  readonly emitterId: string;
  /** Key of placeholders and of the HMACs on events; one per environment. */
  readonly tenantKey: () => Promise<string>;
  /** Seed mode: the provider's own key is accepted as the caller's key. */
  readonly acceptProviderKey: boolean;
  /** Only keys of this app are accepted (a dedicated function URL). */
  readonly dedicatedApp?: string;
  /** The application inference profile (ARN) through which an app calls a target on Bedrock, where it has one. */
  readonly profileOf?: (app: string, target: string) => string | undefined;
  /** Plain http to loopback hosts is allowed (laptop, stand-in). */
  readonly allowLoopbackTargets: boolean;
  /** `OPENAI_BASE_URL`: replaces the base URL of every openai target. */
  readonly baseUrlOverride?: string;
  /** From 0 up to 1, for the order of targets; default Math.random. */
  readonly random?: () => number;
  /** Silence after which a stream gets a comment block. Default 15 s. */
  readonly heartbeatMs?: number;
  /** How often the desk is asked while a client waits for a decision. Default 1 s. */
  readonly reviewPollMs?: number;
}

/** Who is calling, after the key was checked. */
export interface Caller {
  readonly app: Payer;
  readonly keyId: string;
  readonly auth: 'app_key' | 'provider_key';
  readonly models?: readonly string[];
  readonly routes?: readonly string[];
  /** Of the key itself, beside the app's. */
  readonly budget?: Budget;
  readonly limits?: Limits;
}
