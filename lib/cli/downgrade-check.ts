import type { Command } from 'commander';
import { type Budget, downgradeModel, downgradeProblem } from '#core/budget/budget.ts';
import { CliError } from './cli-error.ts';
import type { KeyStore } from './key-store.ts';
import { PACK_FILE } from './pack-file.ts';
import { modelsOf } from './pack-models.ts';
import type { Terminal } from './terminal.ts';

export interface PackOptions {
  readonly policyConfig?: string;
}

export function addPackOption(command: Command): Command {
  return command.option(
    '--policy-config <file>',
    `pack that has the model of downgrade:<model> (default: that of the running stack, else ${PACK_FILE})`,
  );
}

/** Refuses a budget that falls back to a model the pack does not have; says so where no pack is at hand. */
export async function checkDowngrade(
  budget: Budget | undefined,
  { policyConfig }: PackOptions,
  store: KeyStore,
  terminal: Terminal,
): Promise<void> {
  const model = budget && downgradeModel(budget);
  if (!budget || model === undefined) return;
  const models = policyConfig ? await modelsOf(policyConfig, terminal) : await store.models();
  if (!models) terminal.err(`model ${model} was not checked: name the pack with --policy-config`);
  const problem = models && downgradeProblem(budget, models);
  if (problem) throw new CliError(`--on-exceed ${problem}`);
}
