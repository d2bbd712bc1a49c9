import type { Command } from 'commander';
import { answerOf, requestOf } from '../explain-input.ts';
import { explain } from '../explanation.ts';
import { loadPack, PACK_FILE } from '../pack-file.ts';
import { showExplanation } from '../show-explanation.ts';
import type { Terminal } from '../terminal.ts';

interface Options {
  readonly prompt?: string;
  readonly request?: string;
  readonly response?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  kt policy explain policy-config.yaml --prompt "Mail me at jane@example.com"
  kt policy explain --request request.json --response "Your address is joe@example.com"
  kt policy explain --request request.json --response @completion.json --json

Shows how every text reads without tricks and encodings, what each policy said and why, what the
provider would get and what the client would get. No provider and no remote
detector is called and nothing is recorded.`;

export function addPolicyExplain(policy: Command, terminal: Terminal): void {
  policy
    .command('explain')
    .description('run one exchange through a pack and show what each policy saw and said')
    .argument('[pack]', 'the pack', PACK_FILE)
    .option('--prompt <text>', 'a request with one message of the user')
    .option('--request <file>', 'a chat completions body (JSON)')
    .option('--response <text|@file>', 'the answer: its text, or @ and the file of a chat completion')
    .option('--json', 'one JSON document, nothing cut')
    .addHelpText('after', EXAMPLES)
    .action(async (file: string, options: Options) => {
      const pack = await loadPack(file, terminal);
      const request = await requestOf(options, pack, terminal);
      const explanation = explain(pack, request, await answerOf(options.response, terminal));
      terminal.out(
        options.json ? JSON.stringify(explanation, null, 2) : showExplanation(explanation, terminal),
      );
    });
}
