import type { Pack } from './pack.ts';

/** Every name a call may ask a pack for: its models, then its aliases. */
export function modelNames({ targets, aliases }: Pick<Pack, 'targets' | 'aliases'>): string[] {
  return [...new Set([...targets.map(({ model }) => model), ...Object.keys(aliases)])];
}
