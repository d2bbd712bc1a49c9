import type { Command } from 'commander';
import { reviewSummary } from '#console/views.ts';
import { ReviewState } from '#core/review/case.ts';
import { fileReviewDesk } from '#local/file-review-desk.ts';
import { printable } from '#local/printable.ts';
import { CliError } from '../cli-error.ts';
import { consoleClient, ReviewSummary } from '../console-client.ts';
import { addSourceOptions, chooseSource, type SourceOptions } from '../source-options.ts';
import { statePaths } from '../standalone-state.ts';
import { table } from '../table.ts';
import type { Terminal } from '../terminal.ts';

const LIMIT = 200;

interface Options extends SourceOptions {
  readonly status: string;
  readonly json?: boolean;
}

export function addReviewList(review: Command, terminal: Terminal): void {
  addSourceOptions(
    review.command('list').description('list held requests and answers, the most urgent first'),
  )
    .option('--status <status>', `${ReviewState.options.join(', ')}`, 'open')
    .option('--json', 'one JSON object per line')
    .action(async (options: Options) => {
      const state = ReviewState.safeParse(options.status);
      if (!state.success) throw new CliError(`--status is one of: ${ReviewState.options.join(', ')}`);
      const found = await list(options, state.data, terminal);
      if (options.json) for (const held of found) terminal.out(JSON.stringify(held));
      else if (found.length > 0) terminal.out(asTable(found));
      else terminal.err(`No case is ${state.data}.`);
    });
}

async function list(options: Options, state: ReviewState, terminal: Terminal): Promise<ReviewSummary[]> {
  const source = await chooseSource(options, terminal, 'viewer');
  if (source.kind === 'console') return consoleClient(source.address).reviews(state, LIMIT);
  const found = await fileReviewDesk(statePaths(source.folder).reviews).list(state, LIMIT);
  return found.map((held) => ReviewSummary.parse(reviewSummary(held)));
}

function asTable(found: readonly ReviewSummary[]): string {
  const rows = found.map((held) => [
    held.id,
    held.state,
    held.phase === 'input' ? 'request' : 'answer',
    held.due_at.slice(0, 19).replace('T', ' '),
    held.app_id,
    held.model,
    String(held.answer_chars),
    `${held.approvals.length}/${held.approvals_needed}`,
    held.rules.join(', '),
  ]);
  const clean = rows.map((row) => row.map((cell) => printable(cell, 80)));
  return table(['id', 'state', 'held', 'due (UTC)', 'app', 'model', 'characters', 'approvals', 'by'], clean);
}
