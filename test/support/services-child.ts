import type { InvokeResult } from '../../lib/local-cloud/contract.ts';
import { startServices } from '../../lib/local-cloud/services/start.ts';

/** Runs the services in a process of their own, to be killed. Prints the endpoint; its functions print their payload. */
const dataDir = process.argv[2];
if (dataDir === undefined) throw new Error('usage: services-child.ts <dataDir>');
const services = await startServices({ dataDir });
services.setInvoker({
  async invoke(_name, payload): Promise<InvokeResult> {
    process.stdout.write(`invoked ${JSON.stringify(payload)}\n`);
    return { ok: true, payload: 'done' };
  },
});
process.stdout.write(`endpoint ${services.endpoint}\n`);
