import type { Cost, Usage } from '#core/cost/usage.ts';

/** Who can be asked: two services of AWS, an endpoint of OpenAI's, and a model of the pack itself. */
export type DetectorName = 'comprehend' | 'bedrock-guardrail' | 'openai-moderation' | 'judge';

/** A secret by its name in the environment or in the store. */
type SecretRef = { readonly env: string } | { readonly store: string };

/** What is sent away: these texts and settings, and nothing else of the exchange. */
export type RemoteQuestion = ComprehendQuestion | GuardrailQuestion | ModerationQuestion | JudgeQuestion;

export interface ComprehendQuestion {
  readonly detector: 'comprehend';
  readonly language: 'en' | 'es';
  readonly texts: readonly string[];
}

export interface GuardrailQuestion {
  readonly detector: 'bedrock-guardrail';
  /** Id or ARN. */
  readonly id: string;
  readonly version: string;
  readonly source: 'INPUT' | 'OUTPUT';
  readonly texts: readonly string[];
}

export interface ModerationQuestion {
  readonly detector: 'openai-moderation';
  readonly model: string;
  /** A target of the pack whose address and key are used; else `secret` with OpenAI's own address. */
  readonly target?: string;
  readonly secret?: SecretRef;
  readonly texts: readonly string[];
}

export interface JudgeQuestion {
  readonly detector: 'judge';
  /** Id of a target of the pack. */
  readonly target: string;
  readonly instructions: string;
  /** One message of the user. */
  readonly texts: readonly [string];
  readonly maxTokens: number;
}

/** One thing a detector saw. `start` and `end` are UTF-16 code units of `texts[text]`; absent when it judges the text as a whole. */
export interface RemoteFinding {
  /** In the detector's own words: `NAME`, `PROMPT_ATTACK`, `violence`. */
  readonly label: string;
  /** 0..1. */
  readonly score: number;
  /** The detector's own judgement, where it makes one beside the score. */
  readonly flagged?: boolean;
  readonly text: number;
  readonly start?: number;
  readonly end?: number;
}

export interface RemoteAnswer {
  readonly findings: readonly RemoteFinding[];
  /** Code units that were really looked at. */
  readonly scanned: number;
  /** What a judge said, and what that took. */
  readonly said?: string;
  readonly usage?: Usage;
  readonly cost?: Cost;
}

/** A detector that settings name, and when it is asked. */
export interface RemoteUse {
  readonly detector: DetectorName;
  readonly phases: readonly ('input' | 'output')[];
  /** Id or ARN of the guardrail. */
  readonly guardrail?: string;
  /** Target of the pack. */
  readonly target?: string;
  readonly secret?: SecretRef;
  /** The most a question can take, in tokens, where they are paid for by the call's app. */
  readonly worstCase?: { readonly input: number; readonly output: number };
  /** Where the setting stands, from the policy's own settings. */
  readonly path: readonly string[];
}

/** How asking ended. `refused`: the detector does not let us in, or is not there; that never fails open. */
export type RemoteTrial = { readonly us: number } & (
  | { readonly answer: RemoteAnswer; readonly failure?: never }
  | { readonly failure: string; readonly refused: boolean; readonly answer?: never }
);

/** Asks a detector within its time. Never throws. */
export type AskRemote = (question: RemoteQuestion, timeoutMs: number) => Promise<RemoteTrial>;
