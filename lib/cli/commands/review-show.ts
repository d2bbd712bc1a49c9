import type { Command } from 'commander';
import { fileReviewDesk } from '#local/file-review-desk.ts';
import { printable } from '#local/printable.ts';
import { CliError } from '../cli-error.ts';
import { consoleClient } from '../console-client.ts';
import { addSourceOptions, chooseSource, type SourceOptions } from '../source-options.ts';
import { statePaths } from '../standalone-state.ts';
import type { Terminal } from '../terminal.ts';

export function addReviewShow(review: Command, terminal: Terminal): void {
  addSourceOptions(
    review.command('show').description('print a held answer; at a console, the view is recorded'),
  )
    .argument('<id>', 'id from kt review list')
    .action(async (id: string, options: SourceOptions) => {
      const answer = await answerOf(id, options, terminal);
      // Line breaks are part of an answer; everything else that a terminal would act on is made visible.
      terminal.out(
        answer
          .split('\n')
          .map((part) => printable(part, 100_000))
          .join('\n'),
      );
    });
}

async function answerOf(id: string, options: SourceOptions, terminal: Terminal): Promise<string> {
  const source = await chooseSource(options, terminal, 'reviewer');
  if (source.kind === 'console') return (await consoleClient(source.address).review(id)).answer;
  const held = await fileReviewDesk(statePaths(source.folder).reviews).get(id);
  if (!held) throw new CliError(`There is no held answer ${id}. See: kt review list`);
  return held.answer;
}
