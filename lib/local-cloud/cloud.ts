import { openClients } from './aws-clients.ts';
import type { Cloud, CloudOptions } from './cloud-types.ts';
import { closeAll, furnish, type Shell } from './furnish.ts';
import { startServices } from './services/start.ts';
import { readStacks } from './template/assembly.ts';
import { createRegistry } from './template/names.ts';

const DEFAULT_REGION = 'us-east-1';
const DEFAULT_ACCOUNT = '000000000000';

/** Boots the synthesized stacks of one environment: embedded services, their resources, the bundled functions. */
export async function openCloud(options: CloudOptions): Promise<Cloud> {
  const stacks = readStacks(options.assembly, options.environment);
  const region = stacks.find((stack) => stack.region)?.region ?? DEFAULT_REGION;
  const account = stacks.find((stack) => stack.account)?.account ?? DEFAULT_ACCOUNT;
  const { dataDir, onBusEvent } = options;
  const services = await startServices({
    region,
    account,
    ...(dataDir && { dataDir }),
    ...(onBusEvent && { onBusEvent }),
  });
  const place = { endpoint: services.endpoint, region, account };
  const clients = openClients(place);
  const opened: Shell['opened'] = [services, { close: async () => clients.destroy() }];
  try {
    return await furnish(createRegistry(stacks, place), { options, place, clients, services, opened });
  } catch (error) {
    await closeAll(opened);
    throw error;
  }
}
