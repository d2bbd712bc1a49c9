import * as z from 'zod';

const name = z.string().min(1);
const flag = z.enum(['true', 'false']).transform((value) => value === 'true');
/** A JSON object of strings in one variable. */
const record = z
  .string()
  .transform((text) => JSON.parse(text) as unknown)
  .pipe(z.record(z.string(), z.string()));

const everywhere = { KT_ENV: name, DEPLOYMENT_FILE: z.string().default('deployment.json') };

/**
 * The contract between a stack and its function: stacks are typed against it, functions read through it. A misspelt
 * variable is a compile error in lib/infra and a start-up error in the function. `EVENT_BUS` is the name of the bus for announcements.
 */
export const FUNCTIONS = {
  gateway: z.object({
    ...everywhere,
    STATE_TABLE: name,
    EVENT_QUEUE_URL: name,
    LEDGER_TABLE: name,
    /** Held answers, encrypted. */
    CONTENT_TABLE: name,
    REVIEW_MACHINE_ARN: name,
    /** Secret name in the pack → ARN. */
    SECRET_ARNS: record,
    TENANT_KEY_ARN: name,
    ACCEPT_PROVIDER_KEY: flag.default(false),
    /** Set on a dedicated function: only keys of this app are accepted. */
    DEDICATED_APP: z.string().optional(),
    /** `<app> <target id>` → id of the app's inference profile on Bedrock, and what stands before an id in an ARN. */
    INFERENCE_PROFILES: record.optional(),
    INFERENCE_PROFILE_PREFIX: z.string().optional(),
    /** The OpenAI SDK's convention; set by `npm start`, never by a stack. May name a loopback host. */
    OPENAI_BASE_URL: z.string().optional(),
  }),
  recorder: z.object({ ...everywhere, LEDGER_TABLE: name, STATE_TABLE: name, EVENT_BUS: name }),
  console: z.object({
    ...everywhere,
    LEDGER_TABLE: name,
    STATE_TABLE: name,
    CONTENT_TABLE: name,
    EVENT_QUEUE_URL: name,
    /** The only function that may decide. */
    REVIEW_DECIDE_FUNCTION: name,
    /** Signs the cursors of lists; the only secret the console sees. */
    CURSOR_KEY_ARN: name,
    /** `*` → the gateway of all apps, app id → that of a dedicated one. */
    GATEWAY_URLS: record.optional(),
    /** JSON of who signs people in (lib/console/identity/settings.ts); without it console tokens only. */
    OIDC: name.optional(),
  }),
  /** Called by the state machine with the callback token: keeps it with the case. */
  'review-open': z.object({ ...everywhere, STATE_TABLE: name, CONTENT_TABLE: name, EVENT_BUS: name }),
  /** Called by the console: sets the decision, then resumes the state machine. */
  'review-decide': z.object({
    ...everywhere,
    STATE_TABLE: name,
    CONTENT_TABLE: name,
    EVENT_QUEUE_URL: name,
    EVENT_BUS: name,
  }),
  /** Called by the state machine at its end: records the outcome; on a timeout it expires the case first. */
  'review-settle': z.object({
    ...everywhere,
    STATE_TABLE: name,
    CONTENT_TABLE: name,
    EVENT_QUEUE_URL: name,
    EVENT_BUS: name,
  }),
  /** Every minute: gives lost intents their one final event, closes lost reviews. */
  sweeper: z.object({
    ...everywhere,
    STATE_TABLE: name,
    CONTENT_TABLE: name,
    EVENT_QUEUE_URL: name,
    REVIEW_MACHINE_ARN: name,
    /** The only function that may resume a review: asked where a callback was lost. */
    REVIEW_DECIDE_FUNCTION: name,
    EVENT_BUS: name,
  }),
} as const;

export type FunctionName = keyof typeof FUNCTIONS;

/** What a stack must provide: the variables without default, and may provide the rest. */
export type FunctionVariables<N extends FunctionName> = z.input<(typeof FUNCTIONS)[N]>;

export type FunctionEnvironment<N extends FunctionName> = z.output<(typeof FUNCTIONS)[N]>;

/** Reads and checks the environment of a function; throws one line that names every wrong variable. */
export function readEnvironment<N extends FunctionName>(
  functionName: N,
  variables: Record<string, string | undefined>,
): FunctionEnvironment<N> {
  const result = FUNCTIONS[functionName].safeParse(variables);
  if (result.success) return result.data as FunctionEnvironment<N>;
  const wrong = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
  throw new Error(`function ${functionName}: environment is wrong: ${wrong}`);
}
