import * as z from 'zod';
import { allow, type Catalogue, definePolicy, type Verdict } from '#core/policy/policy.ts';
import type { RemoteAnswer } from '#core/policy/remote.ts';
import { RemoteFailure, statusFailure } from '#core/policy/remote-failure.ts';
import type { CloudDetectors } from '#core/ports.ts';

export const CANARY = 'canary-text-nobody-may-keep';
export const TIMEOUT_MS = 60;

const CLEAN: RemoteAnswer = { findings: [], scanned: 1 };

const asks = (name: string) =>
  definePolicy<{ answers: boolean }>({
    kind: name,
    phases: ['input', 'output'],
    summary: 'Asks elsewhere',
    settings: z.strictObject({ answers: z.boolean().default(true) }),
    needs: ({ answers }) => (answers ? 'whole' : 'none'),
    input: () => allow(0),
    output: () => ({}),
    remote: {
      uses: () => [{ detector: 'comprehend', phases: ['input', 'output'], path: [] }],
      input: ({ leaves }) => [inquiry(leaves.map(({ text }) => text))],
      output: (texts) => [inquiry(texts.map(({ text }) => text))],
    },
  });

function inquiry(texts: readonly string[]) {
  return {
    question: { detector: 'comprehend' as const, language: 'en' as const, texts },
    hear: ({ findings, scanned }: RemoteAnswer): Verdict => {
      if (findings.length === 0) return allow(scanned);
      return {
        action: 'block',
        reason: 'asked.found',
        findings: [{ rule: 'asked.found', score: 1 }],
        scanned,
      };
    },
  };
}

/** Stops a request that says STOP, without asking anybody. */
const local = definePolicy({
  kind: 'local',
  phases: ['input'],
  summary: 'Stops by itself',
  settings: z.strictObject({}),
  needs: () => 'none',
  input: ({ leaves }) =>
    leaves.some(({ text }) => text.includes('STOP'))
      ? { action: 'block', reason: 'local.stop', findings: [], scanned: 1 }
      : allow(1),
});

export const ASKING: Catalogue = new Map([asks('asker'), local].map((policy) => [policy.kind, policy]));

export interface SeenDetectors extends CloudDetectors {
  readonly seen: string[][];
}

/** Answers what the script says, and remembers what it was shown. */
export function detectors(script: (call: number) => Promise<RemoteAnswer> | RemoteAnswer): SeenDetectors {
  const seen: string[][] = [];
  return {
    seen,
    async ask({ texts }) {
      seen.push([...texts]);
      return script(seen.length);
    },
  };
}

export const clean = () => detectors(() => CLEAN);

/** Every way in which a detector can fail: what it does, what the event says, whether it may ever be passed over. */
export const FAILURES: readonly [
  what: string,
  fails: () => Promise<RemoteAnswer>,
  error: RegExp,
  refused: boolean,
][] = [
  ['throws', () => Promise.reject(new Error(CANARY)), /^comprehend could not be asked$/, false],
  ['hangs', () => new Promise(() => undefined), /^comprehend took longer than timeout_ms \(60\)$/, false],
  [
    'answers too late',
    async () => {
      await new Promise((resolve) => setTimeout(resolve, 3 * TIMEOUT_MS));
      return CLEAN;
    },
    /^comprehend took longer/,
    false,
  ],
  ['answers 400', () => Promise.reject(statusFailure(400)), /^comprehend answered with status 400$/, false],
  ['answers 401', () => Promise.reject(statusFailure(401)), /^comprehend refused with status 401$/, true],
  ['answers 403', () => Promise.reject(statusFailure(403)), /^comprehend refused with status 403$/, true],
  [
    'answers 429',
    () => Promise.reject(statusFailure(429)),
    /^comprehend (answered with status 429|took longer.*)$/,
    false,
  ],
  [
    'answers 503',
    () => Promise.reject(statusFailure(503)),
    /^comprehend (answered with status 503|took longer.*)$/,
    false,
  ],
  [
    'answers garbage',
    () => Promise.reject(new RemoteFailure('answered with garbage')),
    /^comprehend answered with garbage$/,
    false,
  ],
  ['answers nonsense', async () => ({}) as never, /^threw TypeError$/, false],
];
