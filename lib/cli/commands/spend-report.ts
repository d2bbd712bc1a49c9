import { join, resolve } from 'node:path';
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
import { journalUsage, type UsagePeriod } from '#local/journal-usage.ts';
import { CliError } from '../cli-error.ts';
import { consoleClient } from '../console-client.ts';
import { addSourceOptions, chooseSource, isFolder, type SourceOptions } from '../source-options.ts';
import { STANDALONE } from '../standalone-state.ts';
import { table } from '../table.ts';
import type { Terminal } from '../terminal.ts';

const DAY = /^\d{4}-\d\d-\d\d$/;
const DAY_MS = 86_400_000;

interface Options extends SourceOptions {
  readonly journal?: string;
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
  kt spend report --state .kt --by day

Costs are sums of the events' integer micro-dollars. Calls without a known price are counted as unpriced, never as 0.`;

export function addSpendReport(spend: Command, terminal: Terminal): void {
  addSourceOptions(spend.command('report').description('what each app, model and day cost'))
    .option('--journal <folder>', 'journal to read (default: journal in the state folder)')
    .option('--from <day>', 'first day, UTC (default: 30 days up to the last one)', day)
    .option('--to <day>', 'last day, UTC (default: today)', day)
    .option('--app <id>', 'only this app')
    .addOption(
      new Option('--by <names>', 'app, model and day in any order')
        .argParser(dimensions)
        .default(DEFAULT_SPLIT, DEFAULT_SPLIT.join(',')),
    )
    .addOption(
      new Option('--format <form>', 'how it is written')
        .choices(['table', ...SPEND_FORMATS])
        .default('table'),
    )
    .addHelpText('after', EXAMPLES)
    .action(async (options: Options) => {
      const { environment, rows } = await spent(options, terminal);
      terminal.out(render(rows, environment, options).trimEnd());
    });
}

interface Spent {
  readonly environment: string;
  readonly rows: readonly UsageRow[];
}

/** From a console, or from a journal on this machine. */
async function spent(options: Options, terminal: Terminal): Promise<Spent> {
  const wanted = period(options);
  if (options.journal) return spentOf(resolve(terminal.cwd, options.journal), wanted, terminal);
  const source = await chooseSource(options, terminal, 'viewer');
  if (source.kind === 'console') return consoleClient(source.address).spend(wanted);
  return spentOf(join(source.folder, 'journal'), wanted, terminal);
}

async function spentOf(journal: string, wanted: UsagePeriod, terminal: Terminal): Promise<Spent> {
  if (!(await isFolder(journal)))
    throw new CliError(`There is no journal at ${journal}, so there is nothing to sum.`);
  const { rows, damaged } = await journalUsage(journal, wanted);
  if (damaged > 0) terminal.err(`${damaged} damaged lines of the journal are in no sum.`);
  return { environment: STANDALONE, rows };
}

function render(rows: readonly UsageRow[], environment: string, { by, format }: Options): string {
  if (format !== 'table') return spendFile(rows, { format, environment, by });
  const total = spendTotal(rows);
  const last = ['total', ...by.slice(1).map(() => ''), ...spendCells([])(total)];
  return table(spendHead(by), [...spendReport(rows, by).map(spendCells(by)), last]);
}

function period({ from, to, app }: Options): UsagePeriod {
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
