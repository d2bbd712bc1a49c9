import type { Command } from 'commander';
import { reviewDetail } from '#console/views.ts';
import { fileReviewDesk } from '#local/file-review-desk.ts';
import { printable } from '#local/printable.ts';
import { CliError } from '../cli-error.ts';
import { consoleClient, ReviewDetail } from '../console-client.ts';
import { addSourceOptions, chooseSource, type SourceOptions } from '../source-options.ts';
import { statePaths } from '../standalone-state.ts';
import type { Terminal } from '../terminal.ts';

/** `kt review show`: the text goes to standard output, who approved what already to standard error. */
export function addReviewShow(review: Command, terminal: Terminal): void {
  addSourceOptions(
    review.command('show').description('print a held request or answer; at a console, the view is recorded'),
  )
    .argument('<id>', 'id from kt review list')
    .action(async (id: string, options: SourceOptions) => {
      const held = await find(id, options, terminal);
      // Line breaks are part of an answer; everything else that a terminal would act on is made visible.
      const lines = (held.proposed_text ?? held.answer).split('\n').map((part) => printable(part, 100_000));
      terminal.out(lines.join('\n'));
      for (const line of notes(held)) terminal.err(line);
    });
}

async function find(id: string, options: SourceOptions, terminal: Terminal): Promise<ReviewDetail> {
  const source = await chooseSource(options, terminal, 'reviewer');
  if (source.kind === 'console') return consoleClient(source.address).review(id);
  const held = await fileReviewDesk(statePaths(source.folder).reviews).get(id);
  if (!held) throw new CliError(`There is no case ${id}. See: kt review list`);
  return ReviewDetail.parse(reviewDetail(held));
}

function notes({ approvals_needed: needed, approvals, text_sha256: hash }: ReviewDetail): string[] {
  if (needed === 1) return [];
  const given = approvals.map(
    ({ state, by, at, reason }) =>
      `${printable(by, 200)} ${state === 'edited' ? 'proposed this text' : 'approved this text'} at ${at}: ${printable(reason, 200)}`,
  );
  const next = approvals[0]?.state === 'edited' ? [`To approve this text: --text-sha256 ${hash}`] : [];
  return [`${approvals.length} of ${needed} approvals`, ...given, ...next];
}
