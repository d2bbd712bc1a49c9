import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Budget, DEFAULT_MAX_TOKENS, type Limits } from '#core/budget/budget.ts';
import { CliError } from './cli-error.ts';
import { isName } from './key-options.ts';

const MILLION = 1_000_000;

/** What `kt apps` and `kt keys create` understand of money and limits; `false` takes back what is stored. */
export interface MoneyOptions {
  readonly budgetDaily?: number | false;
  readonly budgetMonthly?: number | false;
  readonly warnAt?: number[];
  readonly onExceed?: Budget['onExceed'];
  readonly unknownPrice?: Budget['unknownPrice'];
  readonly maxTokens?: number;
  readonly requestsPerMinute?: number | false;
  readonly tokensPerMinute?: number | false;
  readonly concurrent?: number | false;
}

export function addMoneyOptions(command: Command): Command {
  return command
    .option('--budget-daily <dollars>', 'most it may spend on a day (UTC)', dollars)
    .option('--budget-monthly <dollars>', 'most it may spend in a month (UTC)', dollars)
    .option('--warn-at <percents>', 'tell once when so much is spent, e.g. 50,80', percents)
    .option('--on-exceed <action>', 'block, warn or downgrade:<model>', onExceed)
    .addOption(
      new Option('--unknown-price <action>', 'models without a price').choices(['refuse', 'pass'] as const),
    )
    .option('--max-tokens <n>', 'output limit where a client sets none', count)
    .option('--requests-per-minute <n>', 'most calls in a minute', count)
    .option('--tokens-per-minute <n>', 'most tokens in a minute', count)
    .option('--concurrent <n>', 'most calls at the same time (up to 1000)', count);
}

/** What is stored of a field after a change: `false` takes it back, undefined leaves it. */
export function afterwards<T>(wish: T | false | undefined, before: T | undefined): T | undefined {
  return wish === false ? undefined : (wish ?? before);
}

/** The budget after a change: what is not named stays, and without a limit there is none. */
export function budgetFrom(options: MoneyOptions, before: Budget | undefined): Budget | undefined {
  const { warnAt, onExceed: action, unknownPrice, maxTokens } = options;
  const daily = afterwards(options.budgetDaily, before?.dailyMicros);
  const monthly = afterwards(options.budgetMonthly, before?.monthlyMicros);
  if (daily === undefined && monthly === undefined) {
    if (warnAt ?? action ?? unknownPrice ?? maxTokens) throw new CliError(NO_LIMIT);
    return undefined;
  }
  return {
    ...(daily === undefined ? {} : { dailyMicros: daily }),
    ...(monthly === undefined ? {} : { monthlyMicros: monthly }),
    warnAt: warnAt ?? before?.warnAt ?? [50, 80, 100],
    onExceed: action ?? before?.onExceed ?? 'block',
    unknownPrice: unknownPrice ?? before?.unknownPrice ?? 'refuse',
    maxTokens: maxTokens ?? before?.maxTokens ?? DEFAULT_MAX_TOKENS,
  };
}

const NO_LIMIT =
  '--warn-at, --on-exceed, --unknown-price and --max-tokens belong to a budget, and there is none: name --budget-daily or --budget-monthly.';

/** The limits after a change: what is not named stays. */
export function limitsFrom(options: MoneyOptions, before: Limits = {}): Limits | undefined {
  const requests = afterwards(options.requestsPerMinute, before.requestsPerMinute);
  const tokens = afterwards(options.tokensPerMinute, before.tokensPerMinute);
  const concurrent = afterwards(options.concurrent, before.concurrent);
  const limits = {
    ...(requests === undefined ? {} : { requestsPerMinute: requests }),
    ...(tokens === undefined ? {} : { tokensPerMinute: tokens }),
    ...(concurrent === undefined ? {} : { concurrent: Math.min(concurrent, 1000) }),
  };
  return Object.keys(limits).length > 0 ? limits : undefined;
}

/** `$400 a month, $20 a day, block`. */
export function budgetText(budget: Budget | undefined): string {
  if (!budget) return 'none';
  const { dailyMicros, monthlyMicros } = budget;
  const parts = [
    ...(monthlyMicros === undefined ? [] : [`$${monthlyMicros / MILLION} a month`]),
    ...(dailyMicros === undefined ? [] : [`$${dailyMicros / MILLION} a day`]),
  ];
  return parts.length === 0 ? 'none' : [...parts, budget.onExceed].join(', ');
}

/** Dollars as micro-dollars. */
function dollars(text: string): number {
  if (/^[0-9]{1,9}(\.[0-9]{1,6})?$/.test(text)) return Math.round(Number(text) * MILLION);
  throw new InvalidArgumentError('Write dollars such as 20 or 0.50, with at most six decimals.');
}

function percents(text: string): number[] {
  const all = text.split(',').map(Number);
  if (all.length <= 10 && all.every((value) => Number.isInteger(value) && value >= 1 && value <= 100))
    return all;
  throw new InvalidArgumentError('Write whole percents from 1 to 100 such as 50,80.');
}

function onExceed(text: string): Budget['onExceed'] {
  const model = /^downgrade:(.+)$/s.exec(text)?.[1];
  if (text === 'block' || text === 'warn') return text;
  if (model !== undefined && isName(model)) return `downgrade:${model}`;
  throw new InvalidArgumentError('Write block, warn or downgrade:<model>.');
}

function count(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= MILLION) return value;
  throw new InvalidArgumentError('Write a whole number from 1 to 1000000.');
}
