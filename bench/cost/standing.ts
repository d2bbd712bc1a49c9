import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Standing } from './measured.ts';

interface Template {
  readonly Resources: { readonly [id: string]: { readonly Type: string; readonly Properties?: Properties } };
}

interface Properties {
  readonly ScheduleExpression?: string;
  readonly State?: string;
}

const HOURS_OF_MONTH = 730;
const HOURS: { readonly [unit: string]: number } = { minute: 1 / 60, hour: 1, day: 24 };

/** What the templates of an assembly hold that AWS bills by the month. */
export function standingOf(assembly: string): Standing {
  const resources = readdirSync(assembly)
    .filter((name) => name.endsWith('.template.json'))
    .flatMap((name) =>
      Object.values((JSON.parse(readFileSync(join(assembly, name), 'utf8')) as Template).Resources),
    );
  const count = (type: string) => resources.filter(({ Type }) => Type === type).length;
  return {
    kmsKeys: count('AWS::KMS::Key'),
    secrets: count('AWS::SecretsManager::Secret'),
    alarms: count('AWS::CloudWatch::Alarm'),
    eventSources: count('AWS::Lambda::EventSourceMapping'),
    scheduledRuns: resources
      .filter(({ Type }) => Type === 'AWS::Events::Rule')
      .reduce((sum, { Properties }) => sum + runsOf(Properties?.ScheduleExpression), 0),
  };
}

/** Runs a month of `rate(5 minutes)`; 0 for a rule without a schedule. */
function runsOf(expression: string | undefined): number {
  if (expression === undefined) return 0;
  const [, every, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const hours = Number(every) * (HOURS[unit ?? ''] ?? Number.NaN);
  if (!(hours > 0)) throw new Error(`schedule ${expression}: only rate(n minutes|hours|days) can be counted`);
  return Math.round(HOURS_OF_MONTH / hours);
}
