import { addPolicyExplain } from '../commands/policy-explain.ts';
import { addPolicyLint } from '../commands/policy-lint.ts';
import { addPolicyTest } from '../commands/policy-test.ts';
import type { Family } from './family.ts';

/** `kt policy …` */
export const policyFamily: Family = (program, terminal) => {
  const policy = program.command('policy').description('check, test and explain policy packs');
  addPolicyLint(policy, terminal);
  addPolicyTest(policy, terminal);
  addPolicyExplain(policy, terminal);
};
