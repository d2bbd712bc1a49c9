import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type ReviewState, standingApprovals } from '#core/review/case.ts';
import { CliError } from '../cli-error.ts';
import { consoleClient, type DecisionWish } from '../console-client.ts';
import { addSourceOptions, chooseSource, type SourceOptions } from '../source-options.ts';
import { actInFolder } from '../standalone-reviews.ts';
import type { Terminal } from '../terminal.ts';

interface Options extends SourceOptions {
  readonly reason: string;
  readonly by?: string;
  readonly text?: string;
  readonly textFile?: string;
  readonly textSha256?: string;
}

const VERBS = {
  approve: { state: 'approved', summary: 'release a held answer as it is, or let a held request through' },
  edit: { state: 'edited', summary: 'release another text instead of a held answer' },
  reject: { state: 'rejected', summary: 'do not release a held answer, or refuse a held request' },
} as const;

/** `kt review approve|edit|reject`: one decision, with a reason that is kept in the ledger. */
export function addReviewDecide(review: Command, terminal: Terminal): void {
  for (const [verb, { state, summary }] of Object.entries(VERBS)) {
    const command = addSourceOptions(review.command(verb).description(summary))
      .argument('<id>', 'id from kt review list')
      .requiredOption('--reason <text>', 'why; kept in the ledger')
      .option('--by <name>', 'who decides (state folder only; default: USER)');
    if (state === 'edited') addTextOptions(command);
    if (state === 'approved')
      command.option('--text-sha256 <hash>', 'the edited text that is approved, as kt review show names it');
    command.action(async (id: string, options: Options) => {
      const text = await textOf(options, terminal);
      const { reason, textSha256 } = options;
      const wish = {
        state,
        reason,
        ...(text !== undefined && { text }),
        ...(textSha256 !== undefined && { text_sha256: textSha256 }),
      };
      terminal.out(`${id} ${await decide(id, wish, options, terminal)}`);
    });
  }
}

function addTextOptions(command: Command): void {
  command
    .option('--text <text>', 'the text to serve')
    .option('--text-file <file>', 'file with the text to serve');
}

async function textOf({ text, textFile }: Options, { cwd }: Terminal): Promise<string | undefined> {
  if (textFile === undefined) return text;
  return readFile(resolve(cwd, textFile), 'utf8').catch((cause: unknown) => {
    throw new CliError(`Cannot read ${textFile}.`, { cause });
  });
}

/** What became of the case: the state it is in, or how many approvals it has. */
async function decide(id: string, wish: DecisionWish, options: Options, terminal: Terminal): Promise<string> {
  const source = await chooseSource(options, terminal, 'reviewer');
  if (source.kind === 'console') {
    const { state, approvals, approvals_needed } = await consoleClient(source.address).decide(id, wish);
    return progress(state, approvals.length, approvals_needed);
  }
  const held = await actInFolder(source.folder, { ...wish, id, by: whoActs(options, terminal) }, terminal);
  return progress(held.state, standingApprovals(held).length, held.approvalsNeeded ?? 1);
}

function progress(state: ReviewState, given: number, needed: number): string {
  return state === 'open' ? `has ${given} of ${needed} approvals` : state;
}

/** The person of an act on a state folder. */
export function whoActs({ by }: { readonly by?: string }, { env }: Terminal): string {
  return by ?? env['USER'] ?? env['USERNAME'] ?? 'operator';
}
