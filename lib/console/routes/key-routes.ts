import * as z from 'zod';
import { formatKey, hashKey, KEY_BYTES, keyPrefix } from '#core/auth/app-key.ts';
import { ROUTES_HINT, scopedRoute } from '#core/auth/scoped-routes.ts';
import type { Pack } from '#core/pack/pack.ts';
import type { AppKey } from '#core/ports.ts';
import { ConsoleError } from '../console-error.ts';
import { instant } from '../event-query.ts';
import { BudgetView, knownBudget, LimitsView, limitsOf } from '../money-views.ts';
import { nameField as name } from '../name-field.ts';
import { appsWith, noSuch, type Person, requireRole, requireRoleIn, visibleApps } from '../person.ts';
import type { ConsoleOptions, ConsolePorts } from '../ports.ts';
import { readJson } from '../read-json.ts';
import { check, readQuery } from '../read-query.ts';
import { recordChange } from '../record-change.ts';
import { keyView, type NewKeyView } from '../views.ts';
import { appId } from './app-routes.ts';
import { type Routes, routes } from './context.ts';

const MAX_BODY = 64 * 1024;
const DAY = 24 * 60 * 60 * 1000;

export const keyId = z.string().regex(/^key_\w{1,60}$/, 'is the id of a key: key_…');
const names = z.array(name).max(100);
const route = name.transform((text, { addIssue }) => {
  const known = scopedRoute(text);
  if (known === undefined) addIssue(`there is no such route: ${ROUTES_HINT}`);
  return known ?? text;
});

export const NewKey = z.strictObject({
  app_id: appId,
  name,
  expires_at: instant.optional(),
  models: names.optional(),
  routes: z.array(route).max(100).optional(),
  budget: BudgetView.optional(),
  limits: LimitsView.optional(),
});

/** `until`: the old key works until then. */
export const Rotation = z.strictObject({ until: instant.optional() });
export const Expiry = z.strictObject({ expires_at: instant });

export const KeyQuery = z.strictObject({ app: appId.optional() });

type KeyPorts = Pick<ConsolePorts, 'apps' | 'admin' | 'record' | 'clock' | 'ids' | 'random'>;
type Act = 'key.created' | 'key.rotated' | 'key.expired' | 'key.revoked';

/** App keys, for admins of their apps. A key is shown in the answer that makes it and never again. */
export function keyRoutes(ports: KeyPorts, { pack }: ConsoleOptions): Routes {
  return routes()
    .get('/keys', async (c) => {
      const person = c.get('person');
      requireRole(person, 'admin');
      const { app } = readQuery(c.req.url, KeyQuery);
      const apps = app === undefined ? appsWith(person, 'admin') : [app];
      if (app !== undefined) requireRoleIn(person, 'admin', app, 'app');
      const keys = (await ports.admin.listKeys()).filter((key) => !apps || apps.includes(key.appId));
      return c.json({ keys: keys.map((key) => keyView(key, ports.clock.now())) });
    })
    .post('/keys', async (c) => {
      requireRole(c.get('person'), 'admin');
      const wish = check(await readJson(c.req.raw, MAX_BODY), NewKey);
      const visible = visibleApps(c.get('person'));
      const isKnown = (await ports.apps()).some(({ id }) => id === wish.app_id);
      if (!isKnown || (visible && !visible.includes(wish.app_id)))
        throw new ConsoleError('invalid_request', 'app_id: there is no such app. Add the app first.');
      requireRoleIn(c.get('person'), 'admin', wish.app_id, 'app');
      return c.json(await create(ports, c.get('person'), factsOf(wish, pack)), 201);
    })
    .post('/keys/:id/rotate', async (c) => {
      requireRole(c.get('person'), 'admin');
      const old = await workingKey(ports, c.get('person'), c.req.param('id'));
      const { until } = check(await readJson(c.req.raw, MAX_BODY), Rotation);
      return c.json(await rotate(ports, c.get('person'), old, until), 201);
    })
    .post('/keys/:id/expire', async (c) => {
      requireRole(c.get('person'), 'admin');
      const key = await workingKey(ports, c.get('person'), c.req.param('id'));
      const { expires_at: expiresAt } = check(await readJson(c.req.raw, MAX_BODY), Expiry);
      await note(ports, c.get('person'), key, 'key.expired', '/api/keys/{id}/expire', `at ${expiresAt}`);
      await ports.admin.expireKey(key.id, expiresAt);
      return c.json(keyView({ ...key, expiresAt }, ports.clock.now()));
    })
    .post('/keys/:id/revoke', async (c) => {
      requireRole(c.get('person'), 'admin');
      const key = await keyOf(ports, c.get('person'), c.req.param('id'));
      check(await readJson(c.req.raw, MAX_BODY), z.strictObject({}));
      const revokedAt = key.revokedAt ?? new Date(ports.clock.now()).toISOString();
      await note(ports, c.get('person'), key, 'key.revoked', '/api/keys/{id}/revoke', key.name);
      await ports.admin.revokeKey(key.id, revokedAt);
      return c.json(keyView({ ...key, revokedAt }, ports.clock.now()));
    });
}

type KeyFacts = Omit<AppKey, 'id' | 'prefix' | 'createdAt'>;

function factsOf(
  { app_id, expires_at, budget, limits, models, routes, ...wish }: z.output<typeof NewKey>,
  pack: Pack,
): KeyFacts {
  return {
    appId: app_id,
    name: wish.name,
    ...(expires_at !== undefined && { expiresAt: expires_at }),
    ...(models && { models }),
    ...(routes && { routes }),
    ...(budget && { budget: knownBudget(budget, pack) }),
    ...(limits && { limits: limitsOf(limits) }),
  };
}

async function create(ports: KeyPorts, person: Person, facts: KeyFacts): Promise<NewKeyView> {
  const { key, stored } = fresh(ports, facts);
  await note(ports, person, stored, 'key.created', '/api/keys', stored.name);
  await ports.admin.putKey(hashKey(key), stored);
  return { ...keyView(stored, ports.clock.now()), key };
}

function fresh({ clock, ids, random }: KeyPorts, facts: KeyFacts): { key: string; stored: AppKey } {
  const key = formatKey(random(KEY_BYTES));
  const createdAt = new Date(clock.now()).toISOString();
  return { key, stored: { ...facts, id: `key_${ids.next()}`, prefix: keyPrefix(key), createdAt } };
}

/** The new key has the app, the name and the scopes of the old one, which works for a day more unless told otherwise. */
async function rotate(
  ports: KeyPorts,
  person: Person,
  old: AppKey,
  until: string = new Date(ports.clock.now() + DAY).toISOString(),
): Promise<NewKeyView> {
  const {
    id,
    prefix: _prefix,
    createdAt: _at,
    expiresAt,
    firstUsedAt: _first,
    lastUsedAt: _last,
    ...same
  } = old;
  const ends = expiresAt !== undefined && expiresAt < until ? expiresAt : until;
  const detail = `replaces ${id}, which works until ${ends}`;
  const { key, stored } = fresh(ports, same);
  await note(ports, person, stored, 'key.rotated', '/api/keys/{id}/rotate', detail);
  if (!(await ports.admin.rotateKey({ id, until: ends }, hashKey(key), stored))) throw revoked();
  return { ...keyView(stored, ports.clock.now()), key };
}

async function workingKey(ports: KeyPorts, person: Person, id: string): Promise<AppKey> {
  const key = await keyOf(ports, person, id);
  if (key.revokedAt === undefined) return key;
  throw revoked();
}

function revoked(): ConsoleError {
  return new ConsoleError('invalid_request', 'This key is revoked and stays so. Make a new one.');
}

async function keyOf({ admin }: Pick<KeyPorts, 'admin'>, person: Person, given: string): Promise<AppKey> {
  const id = check(given, keyId);
  const found = (await admin.listKeys()).find((key) => key.id === id);
  if (!found) throw noSuch('key');
  requireRoleIn(person, 'admin', found.appId, 'key');
  return found;
}

function note(
  ports: KeyPorts,
  person: Person,
  { id, appId: app }: AppKey,
  type: Act,
  route: string,
  detail: string,
): Promise<void> {
  return recordChange(ports, person, { type, route, appId: app, keyId: id, requestId: id, detail });
}
