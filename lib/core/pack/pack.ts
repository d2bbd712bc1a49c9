/** A compiled pack: plain JSON, defaults filled in, ready for a gateway. Made by `compilePack`; the YAML is never read again. */
export interface Pack {
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  readonly targets: readonly Target[];
  readonly routing: { readonly strategy: 'ordered' };
  readonly chain: readonly ChainStep[];
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
  /** Overrides the price table. */
  readonly price?: TargetPrice;
}

/** Dollars per million tokens (`call`: per call); a class that is missing falls back as lib/core/cost/price.ts says. */
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
}

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
