import type { Command } from 'commander';
import type { Terminal } from '../terminal.ts';

/** Adds the commands of one first word (`kt events …`) to the tree. */
export type Family = (program: Command, terminal: Terminal) => void;
