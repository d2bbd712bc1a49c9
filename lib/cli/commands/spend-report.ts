import { type Command, InvalidArgumentError, Option } from 'commander';
import { SPEND_FORMATS, type SpendFormat, spendCells, spendFile, spendHead } from '#core/cost/spend-file.ts';
import {
  DEFAULT_SPLIT,
  readDimensions,
  SPEND_DIMENSIONS,
  type SpendDimension,
  spendReport,
  spendTotal,
} from '#core/cost/spend-report.ts';
import type { UsageRow } from '#core/cost/usage.ts';
import { CliError } from '../cli-error.ts';
import { consoleClient } from '../console-client.ts';
import { addSourceOptions, chooseSource, type SourceOptions } from '../source-options.ts';
import { table } from '../table.ts';
import type { Terminal } from '../terminal.ts';

const DAY = /^\d{4}-\d\d-\d\d$/;
const DAY_MS = 86_400_000;

interface Options extends SourceOptions {
  readonly from?: string;
  readonly to?: string;
  readonly app?: string;
  readonly by: readonly SpendDimension[];
  readonly format: 'table' | SpendFormat;
}

const EXAMPLES = `
Examples:
  kt spend report --from 2026-11-01 --by app,model
  kt spend report --format focus > november.csv

Costs are sums of the events' integer micro-dollars. Calls without a known price are counted as unpriced, never as 0.`;

export function addSpendReport(spend: Command, terminal: Terminal): void {
  addSourceOptions(spend.command('report').description('what each app, model and day cost'))
    .option('--from <day>', 'first day, UTC (default: 30 days up to the last one)', day)
    .option('--to <day>', 'last day, UTC (default: today)', day)
    .option('--app <id>', 'only this app')
    .option('--by <names>', 'app, model and day in any order', dimensions, DEFAULT_SPLIT)
    .addOption(new Option('--format <form>').choices(['table', ...SPEND_FORMATS]).default('table'))
    .addHelpText('after', EXAMPLES)
    .action(async (options: Options) => {
      const source = await chooseSource(options, terminal, 'viewer');
      if (source.kind !== 'console')
        throw new CliError(
          'Spend is counted by a deployment: name it with --console <url>, or run kt start.',
        );
      const { environment, rows } = await consoleClient(source.address).spend(period(options));
      terminal.out(render(rows, environment, options).trimEnd());
    });
}

function render(rows: readonly UsageRow[], environment: string, { by, format }: Options): string {
  if (format !== 'table') return spendFile(rows, { format, environment, by });
  const total = spendTotal(rows);
  const last = ['total', ...by.slice(1).map(() => ''), ...spendCells([])(total)];
  return table(spendHead(by), [...spendReport(rows, by).map(spendCells(by)), last]);
}

function period({ from, to, app }: Options) {
  const last = to ?? new Date().toISOString().slice(0, 10);
  const first = from ?? new Date(Date.parse(last) - 29 * DAY_MS).toISOString().slice(0, 10);
  if (first > last) throw new CliError(`--from ${first} is after --to ${last}.`);
  return { from: first, to: last, ...(app === undefined ? {} : { app }) };
}

function day(text: string): string {
  if (DAY.test(text) && !Number.isNaN(Date.parse(text))) return text;
  throw new InvalidArgumentError('Write a day like 2026-11-23.');
}

function dimensions(text: string): SpendDimension[] {
  const names = readDimensions(text);
  if (names) return names;
  throw new InvalidArgumentError(`Name some of ${SPEND_DIMENSIONS.join(', ')}, each once.`);
}
