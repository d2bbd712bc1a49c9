import { addKeysCreate } from '../commands/keys-create.ts';
import { addKeysList } from '../commands/keys-list.ts';
import { addKeysRevoke } from '../commands/keys-revoke.ts';
import { addKeysExpire, addKeysRotate } from '../commands/keys-rotate.ts';
import type { Family } from './family.ts';

/** `kt keys …` */
export const keysFamily: Family = (program, terminal) => {
  const keys = program
    .command('keys')
    .description('create and revoke app keys, create console and gateway tokens');
  addKeysCreate(keys, terminal);
  addKeysList(keys, terminal);
  addKeysRotate(keys, terminal);
  addKeysExpire(keys, terminal);
  addKeysRevoke(keys, terminal);
};
