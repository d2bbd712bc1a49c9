import type { RemoteUse } from '#core/policy/remote.ts';

/** A compiled pack: plain JSON, defaults filled in, ready for a gateway. Made by `compilePack`; the YAML is never read again. */
export interface Pack {
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  readonly targets: readonly Target[];
  readonly routing: Routing;
  /** Another name for a model of the pack: `fast` → `gpt-4o-mini`. */
  readonly aliases: Readonly<Record<string, string>>;
  /** What every target must promise about data; a target that does not is never used. */
  readonly requires: DataRequirements;
  readonly chain: readonly ChainStep[];
  /** Who else is asked about texts; absent when nobody is. */
  readonly remotes?: readonly PackRemote[];
  readonly auth: {
    /** The provider's own key is accepted as the caller's key (seed mode). Undefined = not said: the door decides. */
    readonly provider_key?: boolean;
  };
  readonly on_block: 'refusal' | 'error';
  readonly block_status: 400 | 403 | 409;
  /** Shown to the person when something is blocked. Plain prose. */
  readonly message: string;
  readonly audit: { readonly mode: 'strict' | 'best_effort' };
  /** What happens to parts no policy can read (images, audio, files). */
  readonly unscanned_parts: 'pass' | 'block';
  /** SHA-256 hex of the canonical JSON of everything above. */
  readonly hash: string;
}

export type ProviderKind = 'openai' | 'azure-openai' | 'anthropic' | 'bedrock';

/** Which target of a model is tried first, and when one is left alone. */
export interface Routing {
  readonly strategy: 'ordered' | 'weighted' | 'latency';
  readonly breaker: {
    /** Failures among the last ten calls to a target that open its breaker. */
    readonly failures: number;
    /** Then it is left alone this long, and tried with one call. */
    readonly open_seconds: number;
  };
}

/** What the operator declares of a provider's contract; the gateway cannot check it. */
interface DataPolicy {
  readonly zero_data_retention: boolean;
  readonly training_opt_out: boolean;
  /** Where data is processed: `eu-central-1`, `eu`, `us`. */
  readonly region?: string | undefined;
}

/** `region` lists where data may be processed; `eu` covers `eu-central-1`. */
export interface DataRequirements {
  readonly zero_data_retention?: boolean | undefined;
  readonly training_opt_out?: boolean | undefined;
  readonly region?: readonly string[] | undefined;
}

/** One endpoint of a provider. */
export interface Target {
  readonly id: string;
  /** The wire it speaks. */
  readonly provider: ProviderKind;
  /** Who runs it: the preset's name (`groq`), which names its prices, quirks and the provider on events. */
  readonly vendor: string;
  /** The model the client asks for … */
  readonly model: string;
  /** … and what the provider is asked for. */
  readonly provider_model: string;
  readonly base_url: string;
  /** Name in the environment (`env`) or of the secret (`store`); only bedrock has none: it signs with the function's role. */
  readonly secret?: { readonly env: string } | { readonly store: string };
  /** azure-openai: the deployment; without api_version the model of the `/openai/v1` surface. */
  readonly deployment?: string;
  /** azure-openai: asks the versioned deployment surface. */
  readonly api_version?: string;
  /** bedrock: the AWS region that is called. */
  readonly region?: string;
  /** bedrock: the model behind an inference profile's ARN; names the price and what the role may call. */
  readonly base_model?: string;
  readonly timeout_ms: number;
  readonly idle_timeout_ms: number;
  readonly max_attempts: number;
  /** Share of first calls with the strategy `weighted`; 0 = only when others fail. */
  readonly weight?: number;
  readonly data_policy?: DataPolicy;
  /** The endpoint is in our own network: private addresses and other ports are allowed. */
  readonly private_network?: boolean;
  /** Overrides the price table. */
  readonly price?: TargetPrice;
}

/** Dollars per million tokens or characters (`call`, `second`: each); a class that is missing falls back as lib/core/cost/price.ts says. */
export interface TargetPrice {
  readonly input: number;
  readonly output: number;
  readonly cached_input?: number | undefined;
  readonly cache_write?: number | undefined;
  readonly cache_write_1h?: number | undefined;
  readonly reasoning?: number | undefined;
  readonly audio?: number | undefined;
  readonly audio_input?: number | undefined;
  readonly call?: number | undefined;
  readonly second?: number | undefined;
  readonly character?: number | undefined;
}

/** A remote detector that the settings of a policy name. */
export type PackRemote = Omit<RemoteUse, 'path'> & { readonly policy: string };

/** One policy of the chain with its settings. */
export interface ChainStep {
  readonly kind: string;
  readonly settings: unknown;
  readonly mode: 'enforce' | 'observe';
  readonly on_error: 'block' | 'allow' | 'escalate';
  readonly timeout_ms: number;
  /** Roles the input phase looks at; undefined = all. */
  readonly apply_to?: readonly string[];
}

/** Where a mistake is and what to do about it. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** `policies.chain[2]`. */
  readonly path: string;
  /** E001 unknown kind, E002 unknown key, E003 wrong type or value, E004 missing key, E005 not YAML, E006 inconsistent. */
  readonly code: string;
  readonly message: string;
}

/** `policy-config.yaml:14 policies.chain[2]: unknown policy … [E001]`. */
export function showProblem(problem: Problem): string {
  return `${problem.file}:${problem.line} ${problem.path}: ${problem.message} [${problem.code}]`;
}
