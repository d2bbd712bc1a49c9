import { addSpendReport } from '../commands/spend-report.ts';
import type { Family } from './family.ts';

/** `kt spend …` */
export const spendFamily: Family = (program, terminal) => {
  const spend = program.command('spend').description('what calls cost');
  addSpendReport(spend, terminal);
};
