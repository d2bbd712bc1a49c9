import { addDifySetup } from '../commands/dify-setup.ts';
import type { Family } from './family.ts';

/** `kt dify …` */
export const difyFamily: Family = (program, terminal) => {
  const dify = program.command('dify').description('connect Dify to a gateway');
  addDifySetup(dify, terminal);
};
