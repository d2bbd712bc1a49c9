import type { Command } from 'commander';
import { consoleClient } from '../console-client.ts';
import { addSourceOptions, chooseSource, type SourceOptions } from '../source-options.ts';
import { actInFolder } from '../standalone-reviews.ts';
import type { Terminal } from '../terminal.ts';
import { whoActs } from './review-decide.ts';

interface Options extends SourceOptions {
  readonly by?: string;
}

const ACTS = {
  claim: { done: 'claimed', summary: 'take a held answer: nobody else can decide it for 15 minutes' },
  unclaim: { done: 'open', summary: 'give a claimed answer back' },
} as const;

/** `kt review claim|unclaim` */
export function addReviewClaim(review: Command, terminal: Terminal): void {
  for (const act of ['claim', 'unclaim'] as const) {
    const { done, summary } = ACTS[act];
    addSourceOptions(review.command(act).description(summary))
      .argument('<id>', 'id from kt review list')
      .option('--by <name>', 'who acts (state folder only; default: USER)')
      .action(async (id: string, options: Options) => {
        const source = await chooseSource(options, terminal, 'reviewer');
        if (source.kind === 'console') await consoleClient(source.address).claim(id, act);
        else await actInFolder(source.folder, { act, id, by: whoActs(options, terminal) }, terminal);
        terminal.out(`${id} ${done}`);
      });
  }
}
