import { ALL_APPS } from '#core/ledger/plain-facts.ts';
import { addRole, type Role } from '../person.ts';
import type { OidcSettings } from './settings.ts';

const OF_APP = /^(.+)@([a-z][a-z0-9-]{1,38})$/;

/** Of a group `viewers` the role counts in all apps, of `viewers@support-bot` in that one. A single group may be a plain text. */
export function rolesOf(claim: unknown, { roles }: Pick<OidcSettings, 'roles'>): Map<string, Role> {
  const found = new Map<string, Role>();
  const groups = [claim].flat().filter((group) => typeof group === 'string');
  for (const group of groups) {
    const [, name = '', app = ''] = OF_APP.exec(group) ?? [];
    for (const role of ['viewer', 'reviewer', 'admin'] as const) {
      if (roles[role].includes(group)) addRole(found, ALL_APPS, role);
      else if (roles[role].includes(name)) addRole(found, app, role);
    }
  }
  return found;
}
