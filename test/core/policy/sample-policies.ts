import * as z from 'zod';
import type { ChainStep } from '#core/pack/pack.ts';
import {
  allow,
  type Catalogue,
  definePolicy,
  type ExchangeFacts,
  type InputText,
  type Leaf,
  type Policy,
  type Verdict,
} from '#core/policy/policy.ts';

/** Enough of an InputText for policies that read leaves only. */
export function plainInput(leaves: readonly Leaf[]): InputText {
  return {
    leaves,
    views(leaf) {
      const raw = { name: 'raw' as const, text: leaves[leaf]?.text ?? '' };
      return { raw, normal: raw, decoded: [], respelled: [], exhausted: false, suspicious: 0 };
    },
  };
}

export function leaf(text: string, more: Partial<Leaf> = {}): Leaf {
  return { path: ['messages', 0, 'content'], text, role: 'user', message: 0, isNew: true, ...more };
}

export function facts(more: Partial<ExchangeFacts> = {}): ExchangeFacts {
  return {
    probe: false,
    structuredOutput: false,
    model: 'gpt-4o',
    input: plainInput([]),
    pseudonym: () => 'abc234',
    vault: new Map(),
    sample: 0.5,
    verdicts: new Map(),
    ...more,
  };
}

export function step(kind: string, more: Partial<ChainStep> = {}): ChainStep {
  return { kind, settings: {}, mode: 'enforce', on_error: 'block', timeout_ms: 1000, ...more };
}

export function catalogueOf(...policies: Policy[]): Catalogue {
  return new Map(policies.map((policy) => [policy.kind, policy]));
}

/** A policy whose input phase is one function. */
export function inputPolicy(kind: string, input: (text: InputText, facts: ExchangeFacts) => Verdict): Policy {
  return definePolicy({
    kind,
    phases: ['input'],
    summary: kind,
    settings: z.unknown(),
    needs: () => 'none',
    input: (text, _, exchange) => input(text, exchange),
  });
}

/** A policy whose output phase is given. */
export function outputPolicy(
  kind: string,
  need: ReturnType<Policy['needs']>,
  output: NonNullable<Policy['output']>,
): Policy {
  return definePolicy({
    kind,
    phases: ['output'],
    summary: kind,
    settings: z.unknown(),
    needs: () => need,
    output,
  });
}

/** Replaces every occurrence of a word in every leaf. */
export function replaceWord(kind: string, word: string, replacement: string): Policy {
  return inputPolicy(kind, ({ leaves }) => {
    const edits = leaves.flatMap(({ text }, index) =>
      [...text.matchAll(new RegExp(word, 'g'))].map(({ index: start }) => {
        return { leaf: index, start, end: start + word.length, replacement, rule: `${kind}.word` };
      }),
    );
    const findings = edits.map((edit) => ({ rule: edit.rule, score: 1, where: edit.leaf }));
    const scanned = leaves.reduce((sum, { text }) => sum + text.length, 0);
    if (edits.length === 0) return allow(scanned);
    return { action: 'redact', reason: `${kind}.found`, findings, edits, scanned };
  });
}
