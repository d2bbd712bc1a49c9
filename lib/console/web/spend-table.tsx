import type { SpendRowView } from '../views.ts';
import { Visible } from './visible.tsx';
import { dollars } from './wording.ts';

type Group = 'app_id' | 'model' | 'day';
interface Sum {
  calls: number;
  blocked: number;
  tokens: number;
  micros: number;
  unpriced: number;
}

/** One line per app, model or day; the dearest first, days newest first. */
export function SpendTable({ rows, group }: { rows: readonly SpendRowView[]; group: Group }) {
  return (
    <table class="events plain">
      <caption class="sr">Spend</caption>
      <thead>
        <tr>
          <th scope="col">{group === 'app_id' ? 'App' : group === 'model' ? 'Model' : 'Day'}</th>
          <th scope="col" class="number">
            Calls
          </th>
          <th scope="col" class="number">
            Tokens
          </th>
          <th scope="col" class="number">
            Cost
          </th>
        </tr>
      </thead>
      <tbody>
        {sumsOf(rows, group).map(([name, sum]) => (
          <tr key={name}>
            <td class="wide">
              <Visible text={name} />
            </td>
            <td class="number">
              {sum.calls.toLocaleString()}
              {sum.blocked > 0 && <small>{sum.blocked} blocked</small>}
            </td>
            <td class="number">{sum.tokens.toLocaleString()}</td>
            <td class="number">
              {dollars({ micros: sum.micros })}
              {sum.unpriced > 0 && <small>{sum.unpriced} unpriced</small>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function sumsOf(rows: readonly SpendRowView[], group: Group): [string, Sum][] {
  const sums = new Map<string, Sum>();
  for (const row of rows) {
    const sum = sums.get(row[group]) ?? { calls: 0, blocked: 0, tokens: 0, micros: 0, unpriced: 0 };
    sums.set(row[group], {
      calls: sum.calls + row.calls,
      blocked: sum.blocked + row.blocked,
      tokens: sum.tokens + row.input_tokens + row.output_tokens,
      micros: sum.micros + row.cost_micros,
      unpriced: sum.unpriced + row.unpriced,
    });
  }
  const all = [...sums];
  if (group === 'day') return all.sort(([a], [b]) => (a < b ? 1 : -1));
  return all.sort(([, a], [, b]) => b.micros - a.micros);
}
