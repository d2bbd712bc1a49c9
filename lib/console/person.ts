import type { ConsoleToken } from '#core/ports.ts';
import { ConsoleError } from './console-error.ts';

const RANK = { viewer: 0, reviewer: 1, admin: 2 } as const;

/** Somebody who looks and decides. */
export interface Person extends ConsoleToken {
  readonly role: keyof typeof RANK;
}

/** Throws 403 when the person's role is weaker than the needed one: viewer < reviewer < admin. */
export function requireRole(person: Person, role: Person['role']): void {
  if (RANK[person.role] >= RANK[role]) return;
  throw new ConsoleError('forbidden', `This needs the role ${role}; you are signed in as ${person.role}.`);
}
