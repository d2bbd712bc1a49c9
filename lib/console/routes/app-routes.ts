import * as z from 'zod';
import { appVersion } from '#core/auth/app-version.ts';
import type { Pack } from '#core/pack/pack.ts';
import type { App } from '#core/ports.ts';
import { ConsoleError } from '../console-error.ts';
import { BudgetView, knownBudget, LimitsView, limitsOf } from '../money-views.ts';
import { nameField as name } from '../name-field.ts';
import { noSuch, type Person, requireRole, requireRoleIn, requireRoleInAll, visibleApps } from '../person.ts';
import type { ConsoleOptions, ConsolePorts } from '../ports.ts';
import { readJson } from '../read-json.ts';
import { check, readQuery } from '../read-query.ts';
import { recordChange } from '../record-change.ts';
import { appView } from '../views.ts';
import { type Routes, routes } from './context.ts';

const MAX_BODY = 64 * 1024;
const APP_ID = /^[a-z][a-z0-9-]{1,38}$/;

export const appId = z
  .string()
  .regex(APP_ID, 'is 2 to 39 small letters, digits and hyphens, beginning with a letter');

/** `null` takes back what was stored; then the environment file counts again. */
const AppChange = z
  .strictObject({
    name,
    owner: name.nullable(),
    cost_center: name.nullable(),
    models: z.array(name).max(100).nullable(),
    on_block: z.enum(['refusal', 'error']).nullable(),
    dify_app_ids: z.array(name).max(100).nullable(),
    budget: BudgetView.nullable(),
    limits: LimitsView.nullable(),
  })
  .partial();
type AppChange = z.output<typeof AppChange>;

/** `version`: of the app as it was seen. One that was changed since is left alone. */
export const SeenChange = AppChange.extend({ version: z.string().max(64).optional() });

export const NewApp = AppChange.extend({ id: appId, name });

type AppPorts = Pick<ConsolePorts, 'apps' | 'admin' | 'record' | 'clock'>;

/** Everyone sees their apps; admins change them, and those of all apps add some. */
export function appRoutes(ports: AppPorts, { pack }: ConsoleOptions): Routes {
  return routes()
    .get('/apps', async (c) => {
      readQuery(c.req.url, z.strictObject({}));
      const visible = visibleApps(c.get('person'));
      const apps = (await ports.apps()).filter(({ id }) => !visible || visible.includes(id));
      return c.json({ apps: apps.map(appView) });
    })
    .post('/apps', async (c) => {
      requireRoleInAll(c.get('person'), 'admin');
      const { id, ...wish } = check(await readJson(c.req.raw, MAX_BODY), NewApp);
      if (await appOf(ports, id)) throw new ConsoleError('invalid_request', `There is an app ${id} already.`);
      const app = changed({ id, name: id }, wish, pack);
      return c.json(await store(ports, c.get('person'), 'app.created', app, null), 201);
    })
    .patch('/apps/:id', async (c) => {
      requireRole(c.get('person'), 'admin');
      const id = check(c.req.param('id'), appId);
      requireRoleIn(c.get('person'), 'admin', id, 'app');
      const { version, ...wish } = check(await readJson(c.req.raw, MAX_BODY), SeenChange);
      // Read first: what changes between the two reads is refused by the write.
      const stored = (await ports.admin.listApps()).find((app) => app.id === id);
      const known = await appOf(ports, id);
      if (!known) throw noSuch('app');
      if (version !== undefined && version !== appVersion(known)) throw changedMeanwhile(id);
      const next = changed(stored ?? { id, name: known.name }, wish, pack);
      return c.json(await store(ports, c.get('person'), 'app.changed', next, stored ?? null));
    });
}

async function appOf({ apps }: Pick<AppPorts, 'apps'>, id: string): Promise<App | undefined> {
  return (await apps()).find((app) => app.id === id);
}

/** In the place of `over` only. */
async function store(
  ports: AppPorts,
  person: Person,
  type: 'app.created' | 'app.changed',
  app: App,
  over: App | null,
) {
  const { id } = app;
  const route = type === 'app.created' ? '/api/apps' : '/api/apps/{id}';
  await recordChange(ports, person, { type, route, appId: id, keyId: '', requestId: `app_${id}` });
  if (!(await ports.admin.putApp(app, undefined, over))) throw changedMeanwhile(id);
  return appView((await appOf(ports, id)) ?? app);
}

function changedMeanwhile(id: string): ConsoleError {
  const message = `App ${id} was changed since you saw it, so your change was not made. Load it again, then repeat it.`;
  return new ConsoleError('changed_meanwhile', message);
}

function changed(app: App, wish: AppChange, pack: Pack): App {
  const given = {
    name: wish.name,
    owner: wish.owner,
    costCenter: wish.cost_center,
    models: wish.models,
    onBlock: wish.on_block,
    difyAppIds: wish.dify_app_ids,
    budget: wish.budget && knownBudget(wish.budget, pack),
    limits: wish.limits && limitsOf(wish.limits),
  };
  const next = Object.entries({ ...app, ...withoutUndefined(given) });
  return Object.fromEntries(next.filter(([, value]) => value !== null)) as unknown as App;
}

function withoutUndefined(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined));
}
