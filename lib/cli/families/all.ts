import { addHealth } from '../commands/health.ts';
import { addInit } from '../commands/init.ts';
import { addStart } from '../commands/start.ts';
import { appsFamily } from './apps.ts';
import { difyFamily } from './dify.ts';
import { eventsFamily } from './events.ts';
import type { Family } from './family.ts';
import { gatewayFamily } from './gateway.ts';
import { keysFamily } from './keys.ts';
import { policyFamily } from './policy.ts';
import { reviewFamily } from './review.ts';
import { spendFamily } from './spend.ts';
import { tokensFamily } from './tokens.ts';

/** Every command, in the order of `kt --help`. */
export const ALL_FAMILIES: readonly Family[] = [
  addStart,
  addInit,
  policyFamily,
  gatewayFamily,
  difyFamily,
  eventsFamily,
  reviewFamily,
  appsFamily,
  keysFamily,
  tokensFamily,
  spendFamily,
  addHealth,
];
