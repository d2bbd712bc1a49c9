import type * as z from 'zod';
import type { Views } from '#core/text/views.ts';
import type { RemoteAnswer, RemoteQuestion, RemoteUse } from './remote.ts';

/** What a policy can say, from mildest to strongest. */
export const ACTIONS = ['allow', 'flag', 'redact', 'escalate', 'block'] as const;
export type Action = (typeof ACTIONS)[number];

export type Phase = 'input' | 'output';

/** Who wrote a string, which decides how far it is trusted. */
export type Role = 'system' | 'user' | 'assistant' | 'tool' | 'schema' | 'parameter';

/** One string of a request, with the place it came from. `path` is the JSON path from the request's root. */
export interface Leaf {
  readonly path: readonly (string | number)[];
  readonly text: string;
  readonly role: Role;
  /** Index of the message this leaf belongs to, or -1 outside `messages`. */
  readonly message: number;
  /** Written since the last assistant turn, or a tool result: what injection and safety judge. */
  readonly isNew: boolean;
  /** The leaf is an object key or another place that cannot be edited; a finding here blocks instead of redacting. */
  readonly fixed?: boolean;
}

/** Half-open range of UTF-16 code units in the original text of a leaf (or of an output field). */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What a policy saw. Never the matched text. */
export interface Finding {
  /** Stable id, e.g. `pii.email` or `injection.override`. */
  readonly rule: string;
  /** 0..1. */
  readonly score: number;
  /** Which leaf (index into InputText.leaves) or output field (`choice 0 content`). */
  readonly where?: number | string;
  readonly spans?: readonly Span[];
}

/** A replacement on the original text of one leaf. */
export interface Edit extends Span {
  readonly leaf: number;
  readonly replacement: string;
  readonly rule: string;
}

export interface Verdict {
  readonly action: Action;
  /** Reason code, e.g. `prompt_injection.detected`; `ok` when allowed. */
  readonly reason: string;
  /** 0..1 where the policy has one. */
  readonly score?: number;
  readonly findings: readonly Finding[];
  /** Only with `redact`. */
  readonly edits?: readonly Edit[];
  /** Characters this policy really looked at. */
  readonly scanned: number;
  /** A text to show instead of the pack's message (self-harm help, …). Plain prose. */
  readonly message?: string;
  /** Ask the provider once more before this verdict is carried out. Needs `whole`; the better answer by score stays. */
  readonly retry?: boolean;
}

export function allow(scanned: number): Verdict {
  return { action: 'allow', reason: 'ok', findings: [], scanned };
}

/** The request as policies see it. */
export interface InputText {
  readonly leaves: readonly Leaf[];
  /** Lazily built and shared by all policies of a chain. */
  views(leaf: number): Views;
}

/** Facts about the exchange that a policy may use. No headers, no keys. */
export interface ExchangeFacts {
  /** Dify's set-up probe: never scored, held or escalated. */
  readonly probe: boolean;
  readonly structuredOutput: boolean;
  readonly model: string;
  /** The request's own leaves: what a quality scorer compares an answer with. */
  readonly input: InputText;
  /** Six lower-case base32 characters, stable per tenant for the same type and canonical value. */
  pseudonym(type: string, canonical: string): string;
  /** Placeholder → original of this exchange; the detector writes, its restorer reads. */
  readonly vault: Map<string, string>;
  /** 0..1 random number decided once per exchange (sampling). */
  readonly sample: number;
  /** Output findings of policies earlier in the chain, by kind. */
  readonly verdicts: ReadonlyMap<string, Verdict>;
}

/** How much of an answer a policy must see before text may go out. */
export type StreamNeed = 'none' | 'window' | 'sentence' | 'whole';

/** The places of an answer. `refusal` and `reasoning` are guarded like content. */
export type FieldKind = 'content' | 'reasoning' | 'refusal' | 'tool-name' | 'tool-arguments';

/** A settled match in one output field; positions are in the provider's own text of that field. */
export interface Match extends Span {
  readonly rule: string;
  readonly action: 'redact' | 'restore' | 'flag' | 'block' | 'escalate';
  /** With `redact` and `restore`. */
  readonly replacement?: string;
  readonly score: number;
  readonly message?: string;
}

/**
 * Looks at one output field while it grows. Must be local: whether there is a match at [start, end) may depend only on
 * the text between `start - leftContext` and `end + 1`. `hold` must never return a position after the start of
 * something that more text could turn into a match (or into a longer one); that is what makes every cut of the stream
 * give the same answer.
 */
export interface Inspector {
  readonly need: Exclude<StreamNeed, 'none' | 'whole'>;
  /** Code units before a match that it may look at. ≤ 256. */
  readonly leftContext: number;
  /** All non-overlapping matches that start at or after `from`; `final` says the text will not grow. */
  find(text: string, from: number, final: boolean): readonly Match[];
  /** The first position ≥ `from` that could still be part of an unfinished match; `text.length` when none. */
  hold(text: string, from: number): number;
}

/** One field of a finished answer, after the guard's edits. */
export interface AnswerField {
  readonly choice: number;
  readonly kind: FieldKind;
  readonly text: string;
}

export interface WholeAnswer {
  readonly fields: readonly AnswerField[];
  readonly finishReasons: readonly string[];
}

/** What a policy brings to the output phase of one exchange. */
export interface OutputPart {
  /** Inspectors by field; undefined = this policy does not look at that field. */
  inspector?(field: FieldKind): Inspector | undefined;
  /** Judges the finished answer. With need `whole` nothing is released before; with `none` it only records. */
  judge?(answer: WholeAnswer): Verdict;
}

/** A question, and the pure function that turns its answer into what the policy says. */
export interface Inquiry {
  readonly question: RemoteQuestion;
  /** Edits name a text by its place in what the policy was given: a leaf, or a text of the answer. */
  hear(answer: RemoteAnswer): Verdict;
}

/** One text of a finished answer as a remote party may see it: values of the request that were put back are placeholders again. */
export interface AnswerText {
  readonly choice: number;
  readonly kind: FieldKind;
  readonly text: string;
  /** A key of a tool's arguments: the tool would not know it under another name. */
  readonly fixed?: boolean;
}

/** The remote part of a policy. It does no I/O: it says what to ask, and judges the answers. */
export interface RemotePart<S> {
  uses(settings: S): readonly RemoteUse[];
  /** `local` is what the policy itself found. Nothing: nobody is asked. */
  input?(text: InputText, settings: S, facts: ExchangeFacts, local: Verdict): readonly Inquiry[];
  output?(
    answer: readonly AnswerText[],
    settings: S,
    facts: ExchangeFacts,
    local: Verdict,
  ): readonly Inquiry[];
}

/** One policy kind: its name, its settings and its pure functions. */
export interface Policy<S = unknown> {
  readonly kind: string;
  readonly phases: readonly Phase[];
  /** One line for the catalogue. */
  readonly summary: string;
  /** Strict object; every setting has a default. */
  readonly settings: z.ZodType<S>;
  /** What `mode: enforce` needs of a stream with these settings. */
  needs(settings: S): StreamNeed;
  /** Kinds that must stand earlier in the chain with these settings; checked when a pack is compiled. */
  needsEarlier?(settings: S): readonly string[];
  /** With these settings a verdict may ask for a second answer, which costs as much as the first. */
  mayRetry?(settings: S): boolean;
  input?(text: InputText, settings: S, facts: ExchangeFacts): Verdict;
  output?(settings: S, facts: ExchangeFacts): OutputPart;
  /** Detectors elsewhere that settings may name; the chain asks them. */
  readonly remote?: RemotePart<S>;
}

/** Keeps the settings type while the catalogue holds policies of all kinds. */
export function definePolicy<S>(policy: Policy<S>): Policy {
  return policy as unknown as Policy;
}

/** Kind → policy. */
export type Catalogue = ReadonlyMap<string, Policy>;
