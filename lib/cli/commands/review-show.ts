import type { Command } from 'commander';
import { standingApprovals } from '#core/review/case.ts';
import { textHash } from '#core/review/next-act.ts';
import { fileReviewDesk } from '#local/file-review-desk.ts';
import { printable } from '#local/printable.ts';
import { CliError } from '../cli-error.ts';
import { consoleClient, type ReviewSummary } from '../console-client.ts';
import { addSourceOptions, chooseSource, type SourceOptions } from '../source-options.ts';
import { statePaths } from '../standalone-state.ts';
import type { Terminal } from '../terminal.ts';

interface Shown {
  /** What a reviewer proposed, else the answer. */
  readonly text: string;
  readonly hash: string;
  readonly needed: number;
  readonly approvals: ReviewSummary['approvals'];
}

/** `kt review show`: the text goes to standard output, who approved what already to standard error. */
export function addReviewShow(review: Command, terminal: Terminal): void {
  addSourceOptions(
    review.command('show').description('print a held request or answer; at a console, the view is recorded'),
  )
    .argument('<id>', 'id from kt review list')
    .action(async (id: string, options: SourceOptions) => {
      const shown = await find(id, options, terminal);
      // Line breaks are part of an answer; everything else that a terminal would act on is made visible.
      const lines = shown.text.split('\n').map((part) => printable(part, 100_000));
      terminal.out(lines.join('\n'));
      for (const line of notes(shown)) terminal.err(line);
    });
}

async function find(id: string, options: SourceOptions, terminal: Terminal): Promise<Shown> {
  const source = await chooseSource(options, terminal, 'reviewer');
  if (source.kind === 'console') {
    const held = await consoleClient(source.address).review(id);
    const { answer, proposed_text, text_sha256: hash, approvals_needed: needed, approvals } = held;
    return { text: proposed_text ?? answer, hash, needed, approvals };
  }
  const held = await fileReviewDesk(statePaths(source.folder).reviews).get(id);
  if (!held) throw new CliError(`There is no case ${id}. See: kt review list`);
  const approvals = standingApprovals(held);
  return {
    text: approvals[0]?.text ?? held.answer,
    hash: textHash(held),
    needed: held.approvalsNeeded ?? 1,
    approvals,
  };
}

function notes({ needed, approvals, hash }: Shown): string[] {
  if (needed === 1) return [];
  const given = approvals.map(
    ({ state, by, at, reason }) =>
      `${printable(by, 200)} ${state === 'edited' ? 'proposed this text' : 'approved this text'} at ${at}: ${printable(reason, 200)}`,
  );
  const next = approvals[0]?.state === 'edited' ? [`To approve this text: --text-sha256 ${hash}`] : [];
  return [`${approvals.length} of ${needed} approvals`, ...given, ...next];
}
