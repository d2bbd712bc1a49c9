import type { PackDefaults } from '#core/pack/compile.ts';
import type { ListenAddress } from './listen-address.ts';
import type { PackFiles } from './pack-file.ts';

/** What `kt gateway run` was asked for. */
export interface GatewaySettings {
  readonly files: PackFiles;
  readonly defaults: PackDefaults;
  readonly listen: ListenAddress;
  /** Undefined = no figures are shown. */
  readonly metrics: ListenAddress | undefined;
  /** The state folder, absolute, and as it was named. */
  readonly folder: string;
  readonly state: string;
  readonly log: 'text' | 'json';
  /** Of all processes together. */
  readonly maxConcurrency: number;
  readonly maxQueue: number;
  readonly workers: number;
  readonly drainMs: number;
  readonly journal: { readonly maxBytes: number; readonly maxAgeMs?: number };
}
