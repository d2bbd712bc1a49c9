import * as z from 'zod';
import { DataPolicy, DataRequirements } from './data-policy-schema.ts';

/** The keys of a pack file, as an operator writes them. `compile.ts` turns them into a `Pack`. */

const name = z.string().min(1).max(200);
const secretName = z
  .string()
  .max(128)
  .refine((text) => /^[A-Za-z0-9_.-]+$/.test(text), 'may hold letters, digits, _ - and . only');

const SecretRef = z
  .strictObject({
    env: secretName.optional().describe('Environment variable; deployed: the secret of that name'),
    store: secretName.optional().describe('Name of the secret in the store'),
  })
  .refine((ref) => (ref.env === undefined) !== (ref.store === undefined), {
    message: 'must name exactly one of env, store',
  });

const dollars = z.number().min(0).max(10_000);

const Price = z
  .strictObject({
    input: dollars,
    output: dollars,
    cached_input: dollars.optional().describe('Default: input'),
    cache_write: dollars.optional().describe('Default: input'),
    cache_write_1h: dollars.optional().describe('Default: cache_write'),
    reasoning: dollars.optional().describe('Default: output'),
    audio: dollars.optional().describe('Default: output'),
    audio_input: dollars.optional().describe('Default: input'),
    second: dollars.optional().describe('Dollars per second of audio that is not counted in tokens'),
    character: dollars
      .optional()
      .describe('Per million characters to be spoken that are not counted in tokens'),
    call: dollars.optional().describe('Dollars per call, beside its tokens; default 0'),
  })
  .describe('Dollars per million tokens');

const endpoint = {
  model: name.describe('The model a client asks for'),
  provider_model: name.optional().describe('What the provider is asked for, when it differs'),
  base_url: z
    .string()
    .max(2048)
    .optional()
    .describe('Overrides the preset; ends where /chat/completions begins'),
  private_network: z
    .boolean()
    .optional()
    .describe('base_url is in our own network: private addresses, inner names and any port are allowed'),
  secret_key_ref: SecretRef.optional().describe(
    'Where the provider’s key is; only bedrock may do without: it signs with the function’s role',
  ),
  timeout_ms: z.int().min(100).max(600_000).default(60_000).describe('Until the first byte'),
  idle_timeout_ms: z.int().min(100).max(600_000).default(120_000).describe('Between two bytes'),
  max_attempts: z
    .int()
    .min(1)
    .max(2)
    .default(2)
    .describe(
      'Calls to this target per client call, which makes at most 2 in all; only before the first byte',
    ),
  weight: z
    .number()
    .min(0)
    .max(1_000_000)
    .optional()
    .describe('Share of first calls with strategy weighted (default 1); 0 = only when others fail'),
  data_policy: DataPolicy.optional().describe('What the contract with this provider promises about data'),
  price: Price.optional().describe('Overrides the price table'),
  deployment: name.optional().describe('azure-openai: the deployment, when it is not called like the model'),
  api_version: z
    .string()
    .regex(/^\d{4}-\d\d-\d\d(-preview)?$/, 'must look like 2024-10-21')
    .optional()
    .describe('azure-openai: asks /openai/deployments/…; without it /openai/v1'),
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be an AWS region, for example eu-central-1')
    .optional()
    .describe('bedrock: the AWS region that is called'),
  base_model: name.optional().describe('bedrock: the model behind an inference profile’s ARN'),
};

/** `providers: [{ name: openai, model, secret_key_ref }]`. */
export const ListedProvider = z.strictObject({
  name: name.describe('Provider (openai, groq, mistral, …) or, with provider, any id'),
  provider: name.optional(),
  ...endpoint,
});
export type ListedProvider = z.infer<typeof ListedProvider>;

/** `providers.targets[]`. */
export const TargetEntry = z.strictObject({ id: name, provider: name, ...endpoint });
export type TargetEntry = z.infer<typeof TargetEntry>;

export const Routing = z
  .strictObject({
    strategy: z
      .enum(['ordered', 'weighted', 'latency'])
      .default('ordered')
      .describe('Which target of a model is tried first; the others are there for when it fails'),
    breaker: z
      .strictObject({
        failures: z.int().min(1).max(10).default(5).describe('Failed calls of the last ten that open it'),
        open_seconds: z.int().min(1).max(600).default(30).describe('Then one call tries the target again'),
      })
      .prefault({})
      .describe('A target that fails too often is left alone for a while'),
  })
  .prefault({});

export const ProviderList = z.array(ListedProvider).min(1).max(100);
export const ProviderSection = z.strictObject({
  targets: z.array(TargetEntry).min(1).max(100),
  routing: Routing,
});

const DEFAULT_MESSAGE =
  'I cannot help with this request because it is against the rules of this service. ' +
  'Please rephrase it or ask the people who run this application.';

/** Everything except `providers` and the settings of the policies, which are checked on their own. */
export const PackFile = z.strictObject({
  pack: z.strictObject({
    name,
    version: name,
    description: z.string().max(2000).optional(),
    enabled: z.literal(true).optional(),
  }),
  providers: z.unknown(),
  policies: z.strictObject({ chain: z.array(z.string()).min(1).max(50) }),
  policy: z.unknown().optional(),
  aliases: z
    .record(name, name)
    .default({})
    .describe('Other names for models of this pack: { fast: gpt-4o-mini }'),
  requires: DataRequirements.prefault({}).describe(
    'What a target must promise in its data_policy; others are never used, also not when the first fails',
  ),
  auth: z.strictObject({ provider_key: z.boolean().optional() }).prefault({}),
  on_block: z.enum(['refusal', 'error']).default('refusal').describe('How a client sees a block'),
  block_status: z.literal([400, 403, 409]).default(400).describe('HTTP status of the error form'),
  message: z.string().min(1).max(1000).default(DEFAULT_MESSAGE).describe('Shown when something is blocked'),
  audit: z.strictObject({ mode: z.enum(['strict', 'best_effort']).default('strict') }).prefault({}),
  unscanned_parts: z.enum(['pass', 'block']).default('pass').describe('Images, audio and files'),
});
export type PackFile = z.infer<typeof PackFile>;

/** Keys every policy understands, beside its own settings. */
export const CommonSettings = z.strictObject({
  mode: z.enum(['enforce', 'observe']).default('enforce').describe('observe = record, change nothing'),
  on_error: z.enum(['block', 'allow', 'escalate']).default('block').describe('When the policy itself fails'),
  timeout_ms: z
    .int()
    .min(1)
    .max(60_000)
    .default(5_000)
    .describe('Longer than this is a failure: on_error decides'),
  apply_to: z
    .array(z.enum(['system', 'user', 'assistant', 'tool', 'schema', 'parameter']))
    .min(1)
    .optional()
    .describe('Roles the input phase looks at; all when absent'),
});
export type CommonSettings = z.infer<typeof CommonSettings>;
