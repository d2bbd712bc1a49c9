import type { AppView } from '../views.ts';
import { Visible } from './visible.tsx';
import { dollars } from './wording.ts';

interface Props {
  apps: readonly AppView[];
  /** Undefined = the person may not change them. */
  onChange: ((app: AppView) => void) | undefined;
}

export function AppTable({ apps, onChange }: Props) {
  return (
    <table class="events plain">
      <caption class="sr">Apps</caption>
      <thead>
        <tr>
          <th scope="col">App</th>
          <th scope="col">Owner</th>
          <th scope="col">Models</th>
          <th scope="col" class="number">
            Budget
          </th>
          {onChange && <th scope="col">Change</th>}
        </tr>
      </thead>
      <tbody>
        {apps.map((app) => (
          <tr key={app.id}>
            <td>
              <a href={`#/events?app=${encodeURIComponent(app.id)}`}>
                <Visible text={app.name} />
              </a>
              <small>
                <Visible text={app.id} />
              </small>
            </td>
            <td>
              <Visible text={app.owner ?? '–'} />
              <small>
                <Visible text={app.cost_center ?? ''} />
              </small>
            </td>
            <td>
              <Visible text={app.models?.join(', ') ?? 'all of the pack'} />
            </td>
            <td class="number">{budgetOf(app)}</td>
            {onChange && (
              <td>
                <button
                  type="button"
                  class="small"
                  aria-label={`Change ${app.id}`}
                  onClick={() => onChange(app)}
                >
                  Change
                </button>
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function budgetOf({ budget }: AppView): string {
  if (budget?.monthly_micros !== undefined) return `${dollars({ micros: budget.monthly_micros })} a month`;
  if (budget?.daily_micros !== undefined) return `${dollars({ micros: budget.daily_micros })} a day`;
  return 'none';
}
