import { ALL_APPS } from '#core/ledger/plain-facts.ts';
import { ConsoleError } from './console-error.ts';

const ROLES = ['viewer', 'reviewer', 'admin'] as const;
/** Each may what those before it may. */
export type Role = (typeof ROLES)[number];

/** Somebody who looks and decides. */
export interface Person {
  readonly subject: string;
  readonly expiresAt?: string;
  /** App id, or `*` for all apps and those to come → the role there; the stronger counts. Never empty. */
  readonly roles: ReadonlyMap<string, Role>;
}

/** Adds a role; of two for one app the stronger stays. */
export function addRole(roles: Map<string, Role>, app: string, role: Role): void {
  if (!isAtLeast(roles.get(app), role)) roles.set(app, role);
}

/** What somebody may somewhere. */
export function strongestRole({ roles }: Person): Role {
  return ROLES.findLast((role) => [...roles.values()].includes(role)) ?? 'viewer';
}

/** The apps in which somebody has at least that role; undefined = in all. */
export function appsWith({ roles }: Person, role: Role): string[] | undefined {
  if (isAtLeast(roles.get(ALL_APPS), role)) return undefined;
  return [...roles].filter(([, held]) => isAtLeast(held, role)).map(([app]) => app);
}

/**
 * Which apps an answer may be about: the one that was asked for, else those of the person, or all (undefined). Throws 404 for an app
 * that the person cannot see, whether there is one or not.
 */
export function visibleApps(person: Person, asked?: string): readonly string[] | undefined {
  if (asked === undefined) return appsWith(person, 'viewer');
  if (!has(person, 'viewer', asked)) throw noSuch('app');
  return [asked];
}

/** Throws 403 when the role is weaker than the needed one wherever the person has one: viewer < reviewer < admin. */
export function requireRole(person: Person, role: Role): void {
  const held = strongestRole(person);
  if (isAtLeast(held, role)) return;
  throw new ConsoleError('forbidden', `This needs the role ${role}; you are signed in as ${held}.`);
}

/** Throws 403 when the role is limited to some apps. */
export function requireRoleInAll(person: Person, role: Role): void {
  requireRole(person, role);
  if (appsWith(person, role) === undefined) return;
  throw new ConsoleError('forbidden', `This needs the role ${role} in all apps; yours is limited to some.`);
}

/** Throws 404 when the person cannot see the app that a thing belongs to, 403 when the role there is too weak. */
export function requireRoleIn(
  person: Person,
  role: Role,
  app: string,
  thing: 'app' | 'key' | 'review',
): void {
  if (!has(person, 'viewer', app)) throw noSuch(thing);
  if (has(person, role, app)) return;
  throw new ConsoleError('forbidden', `This needs the role ${role} in the app ${app}.`);
}

export function noSuch(thing: 'app' | 'key' | 'review'): ConsoleError {
  return new ConsoleError('not_found', `There is no such ${thing}.`);
}

function has({ roles }: Person, role: Role, app: string): boolean {
  return isAtLeast(roles.get(ALL_APPS), role) || isAtLeast(roles.get(app), role);
}

function isAtLeast(held: Role | undefined, role: Role): boolean {
  return held !== undefined && ROLES.indexOf(held) >= ROLES.indexOf(role);
}
