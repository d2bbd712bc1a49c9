import { count, type Group } from './figure.ts';
import { isOrdinary, ORDINARY_SETS, type Row, readRows } from './rows.ts';
import { isCaught, runPolicy } from './run-policy.ts';
import { isSound } from './secret-rows.ts';

const RECALL = { bound: 'least', floor: 90, aim: 97 } as const;
const REPORTED = { bound: 'most', floor: 3, aim: 1 } as const;

/** Secrets: published positive and must-not-report literals, and ordinary text. */
export function measureSecrets(data: string): Group {
  const literals = readRows<Row & { secret: number }>(data, 'secrets/gitleaks_literals');
  const snapshots = readRows<Row & { expected_count: number }>(data, 'secrets/secretlint_snapshots');
  const benign = ORDINARY_SETS.flatMap((set) => readRows(data, set)).filter(isOrdinary);
  const found = ({ text }: Row) => isCaught(runPolicy('dlp-filter', text));
  const secret = literals.filter((row) => row.secret === 1);
  const harmless = literals.filter((row) => row.secret === 0);
  return {
    title: 'Secrets',
    figures: [
      count('recall, gitleaks literals as labelled', secret, found, RECALL),
      count('– of those whose text is what the label says', secret.filter(isSound), found, {
        bound: 'least',
      }),
      count('reported, gitleaks must-not-report as labelled', harmless, found, REPORTED),
      count('– of those whose text is what the label says', harmless.filter(isSound), found, {
        bound: 'most',
      }),
      count(
        'recall, secretlint',
        snapshots.filter((row) => row.expected_count > 0),
        found,
        { bound: 'least' },
      ),
      count(
        'reported, secretlint harmless',
        snapshots.filter((row) => row.expected_count === 0),
        found,
        { bound: 'most' },
      ),
      count('ordinary texts with a finding', benign, found, { bound: 'most' }),
    ],
  };
}
