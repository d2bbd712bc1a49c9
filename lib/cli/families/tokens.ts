import { addTokensCreate } from '../commands/tokens-create.ts';
import { addTokensList } from '../commands/tokens-list.ts';
import { addTokensRevoke } from '../commands/tokens-revoke.ts';
import type { Family } from './family.ts';

/** `kt tokens …` */
export const tokensFamily: Family = (program, terminal) => {
  const tokens = program.command('tokens').description('create, list and revoke console and gateway tokens');
  addTokensCreate(tokens, terminal);
  addTokensList(tokens, terminal);
  addTokensRevoke(tokens, terminal);
};
