import * as z from 'zod';
import type { Json } from '#core/json.ts';

/** Amazon States Language as far as this interpreter goes; fields it does not know are refused, not ignored. */

const json = z.json() as z.ZodType<Json>;
const name = z.string().min(1).max(80);
const expression = z.string().regex(/^\{%[\s\S]*%\}$/, 'must be a number or a JSONata expression {% … %}');
const seconds = z.union([z.number().int().min(0).max(99_999_999), expression]);
const assign = z.record(z.string(), json);
const path = z.union([z.string(), z.null()]);

const Retrier = z.strictObject({
  ErrorEquals: z.array(z.string()).min(1),
  IntervalSeconds: z.number().int().min(1).default(1),
  MaxAttempts: z.number().int().min(0).default(3),
  BackoffRate: z.number().min(1).default(2),
  MaxDelaySeconds: z.number().int().min(1).optional(),
  JitterStrategy: z.enum(['FULL', 'NONE']).default('NONE'),
  Comment: z.string().optional(),
});
export type Retrier = z.output<typeof Retrier>;

const Catcher = z.strictObject({
  ErrorEquals: z.array(z.string()).min(1),
  Next: name,
  ResultPath: path.optional(),
  Output: json.optional(),
  Assign: assign.optional(),
  Comment: z.string().optional(),
});
export type Catcher = z.output<typeof Catcher>;

const common = {
  Comment: z.string().optional(),
  QueryLanguage: z.enum(['JSONPath', 'JSONata']).optional(),
  InputPath: path.optional(),
  OutputPath: path.optional(),
  Output: json.optional(),
};
const moving = { Next: name.optional(), End: z.boolean().optional(), Assign: assign.optional() };
const shaping = { Parameters: json.optional(), ResultPath: path.optional() };

/** A rule of a Choice state; comparisons of JSONPath rules are read by choice-rule.ts. */
const ChoiceRule = z.looseObject({
  Condition: z.string().optional(),
  Next: name,
  Assign: assign.optional(),
  Output: json.optional(),
});
export type ChoiceRule = z.output<typeof ChoiceRule>;

export const State = z.discriminatedUnion('Type', [
  z.strictObject({ Type: z.literal('Pass'), ...common, ...moving, ...shaping, Result: json.optional() }),
  z.strictObject({
    Type: z.literal('Task'),
    ...common,
    ...moving,
    ...shaping,
    Resource: z.string(),
    Arguments: json.optional(),
    ResultSelector: json.optional(),
    TimeoutSeconds: seconds.optional(),
    TimeoutSecondsPath: z.string().optional(),
    HeartbeatSeconds: seconds.optional(),
    HeartbeatSecondsPath: z.string().optional(),
    Retry: z.array(Retrier).default([]),
    Catch: z.array(Catcher).default([]),
  }),
  z.strictObject({
    Type: z.literal('Choice'),
    ...common,
    Assign: assign.optional(),
    Choices: z.array(ChoiceRule).min(1),
    Default: name.optional(),
  }),
  z.strictObject({
    Type: z.literal('Wait'),
    ...common,
    ...moving,
    Seconds: seconds.optional(),
    SecondsPath: z.string().optional(),
    Timestamp: z.string().optional(),
    TimestampPath: z.string().optional(),
  }),
  z.strictObject({ Type: z.literal('Succeed'), ...common }),
  z.strictObject({
    Type: z.literal('Fail'),
    Comment: common.Comment,
    QueryLanguage: common.QueryLanguage,
    Error: z.string().optional(),
    ErrorPath: z.string().optional(),
    Cause: z.string().optional(),
    CausePath: z.string().optional(),
  }),
]);
export type State = z.output<typeof State>;
export type StateOf<T extends State['Type']> = Extract<State, { Type: T }>;

export const Machine = z.strictObject({
  Comment: z.string().optional(),
  Version: z.string().optional(),
  StartAt: name,
  QueryLanguage: z.enum(['JSONPath', 'JSONata']).default('JSONPath'),
  TimeoutSeconds: z.number().int().min(1).max(99_999_999).optional(),
  States: z.record(name, State),
});
export type Machine = z.output<typeof Machine>;

/** Whether a state is written in JSONata, by itself or by its machine. */
export function isJsonata(machine: Machine, state: State): boolean {
  return (state.QueryLanguage ?? machine.QueryLanguage) === 'JSONata';
}
