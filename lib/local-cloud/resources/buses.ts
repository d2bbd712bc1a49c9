import type { Place } from '../aws-clients.ts';
import { declared } from '../template/declared.ts';
import type { Registry } from '../template/names.ts';

export const BUS_TYPES = ['AWS::Events::EventBus'] as const;

/** A bus is its name here: what is put on it goes to whoever listens to this machine. */
export function nameBuses(registry: Registry, { region, account }: Place): number {
  const buses = declared(registry, ...BUS_TYPES);
  for (const { stack, logicalId, property } of buses) {
    const name = String(property('Name'));
    const arn = `arn:aws:events:${region}:${account}:event-bus/${name}`;
    registry.set(stack, logicalId, { ref: name, attributes: { Arn: arn, Name: name } });
  }
  return buses.length;
}
