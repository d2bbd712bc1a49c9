import { addGatewayRun } from '../commands/gateway-run.ts';
import type { Family } from './family.ts';

/** `kt gateway …` */
export const gatewayFamily: Family = (program, terminal) => {
  const gateway = program.command('gateway').description('run the gateway in one process, without a cloud');
  addGatewayRun(gateway, terminal);
};
