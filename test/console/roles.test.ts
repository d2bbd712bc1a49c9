import { expect, test } from '@jest/globals';
import { rolesOf } from '../../lib/console/identity/roles-of.ts';

const settings = {
  roles: { viewer: ['viewer', 'staff@office'], reviewer: ['reviewer', 'doctors'], admin: ['admin'] },
};

test.each<[unknown, Record<string, string>]>([
  [['viewer'], { '*': 'viewer' }],
  ['viewer', { '*': 'viewer' }],
  [['viewer', 'admin', 'reviewer'], { '*': 'admin' }],
  [['viewer@support-bot'], { 'support-bot': 'viewer' }],
  [
    ['doctors@support-bot', 'viewer@support-bot', 'viewer@sales'],
    { 'support-bot': 'reviewer', sales: 'viewer' },
  ],
  [['viewer', 'admin@sales'], { '*': 'viewer', sales: 'admin' }],
  [['staff@office'], { '*': 'viewer' }],
  [['viewer@constructor'], { constructor: 'viewer' }],
  [['viewer@Sales', 'viewer@', 'viewer@a b', 'viewer@sales.example', '@sales', 'viewer@*'], {}],
  [['strangers', 'strangers@sales'], {}],
  [[['admin'], { admin: true }, 7, null], {}],
  [undefined, {}],
])('the groups %j are the roles %j', (groups, roles) => {
  expect(Object.fromEntries(rolesOf(groups, settings))).toEqual(roles);
});
