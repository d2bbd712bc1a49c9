import * as z from 'zod';
import { type DryInput, type DryOutput, dryInput, dryOutput, refusesParts } from '#core/pack/dry-run.ts';
import { modelNames } from '#core/pack/model-names.ts';
import type { Pack } from '#core/pack/pack.ts';
import type { ConsoleOptions, ConsolePorts } from '../ports.ts';
import { readJson } from '../read-json.ts';
import { check, readQuery } from '../read-query.ts';
import type { PackView, TryView } from '../views.ts';
import { type Routes, routes } from './context.ts';

const MAX_TEXT = 100_000;
/** Two such texts as JSON, escapes included. */
const MAX_BODY = 1_310_720;

export const Try = z.strictObject({
  prompt: z.string().min(1).max(MAX_TEXT),
  /** A made-up answer, to see the output side of the chain. */
  answer: z.string().max(MAX_TEXT).optional(),
  model: z.string().min(1).max(200).optional(),
});

/** The active pack, and what it would do. A try is stored nowhere; no provider and no remote detector is called. */
export function policyRoutes(
  { catalogue }: Pick<ConsolePorts, 'catalogue'>,
  { pack }: ConsoleOptions,
): Routes {
  return routes()
    .get('/policies', (c) => {
      readQuery(c.req.url, z.strictObject({}));
      return c.json(packView(pack));
    })
    .post('/policies/try', async (c) => {
      const { prompt, answer, model } = check(await readJson(c.req.raw, MAX_BODY), Try);
      const runner = { pack, catalogue: await catalogue(), now: () => performance.now() * 1000 };
      const messages = [{ role: 'user', content: prompt }];
      const input = dryInput(runner, { model: model ?? pack.targets[0]?.model ?? '', messages });
      if (answer === undefined || input.stopped) return c.json(tryView(pack, input, undefined));
      const output = dryOutput(runner, input, [{ choice: 0, kind: 'content', text: answer }], 'stop');
      return c.json(tryView(pack, input, output));
    });
}

function packView(pack: Pack): PackView {
  return {
    name: pack.name,
    version: pack.version,
    hash: pack.hash,
    ...(pack.description !== undefined && { description: pack.description }),
    audit_mode: pack.audit.mode,
    on_block: pack.on_block,
    unscanned_parts: pack.unscanned_parts,
    models: modelNames(pack),
    chain: pack.chain.map(({ kind, mode, on_error, timeout_ms, settings }) => ({
      kind,
      mode,
      on_error,
      timeout_ms,
      settings,
    })),
  };
}

function tryView(pack: Pack, input: DryInput, output: DryOutput | undefined): TryView {
  const { outcome, stopped } = input;
  const message = noticeOf(pack, input, output);
  return {
    verdict: verdictOf(pack, input, output),
    policies: [...outcome.records, ...(output?.outcome.records ?? [])],
    ...(!stopped && { forwarded: promptOf(input) }),
    ...(output && { released: output.released.map(({ text }) => text).join('') }),
    ...(message !== undefined && { message }),
    not_asked: [...new Set((pack.remotes ?? []).map(({ detector }) => detector))],
  };
}

function promptOf({ outcome }: DryInput): string {
  return outcome.leaves.find(({ path }) => path.join('.') === 'messages.0.content')?.text ?? '';
}

const MILDER = ['redact', 'flag'] as const;
const NAMES = { redact: 'redacted', flag: 'flagged' } as const;

/** The strongest thing that an enforced policy did. */
function verdictOf(pack: Pack, input: DryInput, output: DryOutput | undefined): TryView['verdict'] {
  const outcomes = [input.outcome, ...(output ? [output.outcome] : [])];
  if (outcomes.some(({ blockedBy }) => blockedBy) || refusesParts(pack, input.unscannedParts))
    return 'blocked';
  if (outcomes.some(({ escalatedBy }) => escalatedBy)) return 'escalated';
  const done = outcomes.flatMap(({ records }) => records);
  const found = MILDER.find((wanted) =>
    done.some(({ action, mode }) => action === wanted && mode === 'enforce'),
  );
  return found ? NAMES[found] : 'allowed';
}

function noticeOf(pack: Pack, { outcome }: DryInput, output: DryOutput | undefined): string | undefined {
  const stopped = [outcome, output?.outcome].find((one) => one?.blockedBy ?? one?.escalatedBy);
  return stopped && (stopped.message ?? pack.message);
}
