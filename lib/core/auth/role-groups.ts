import * as z from 'zod';

const groups = z.array(z.string().min(1)).min(1);

/** Which groups of an issuer make somebody what in the console. */
export const RoleGroups = z
  .strictObject({
    admin: groups.default(['admin']),
    reviewer: groups.default(['reviewer']),
    viewer: groups.default(['viewer']),
  })
  .prefault({});

/** The claim of an ID token that lists groups. */
export const RolesClaim = z.string().min(1).default('groups');
