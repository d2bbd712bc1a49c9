import { CreateStateMachineCommand, type SFNClient, UpdateStateMachineCommand } from '@aws-sdk/client-sfn';
import type { Place } from '../aws-clients.ts';
import { type Declared, declared } from '../template/declared.ts';
import { physicalName, type Registry } from '../template/names.ts';

export const MACHINE_TYPES = ['AWS::StepFunctions::StateMachine'] as const;

/** Creates the state machines, or gives existing ones the definition of today; running executions keep theirs. */
export async function createMachines(registry: Registry, sfn: SFNClient, place: Place): Promise<number> {
  const machines = declared(registry, ...MACHINE_TYPES);
  for (const machine of machines) {
    const name = String(
      machine.property('StateMachineName') ?? physicalName(machine.stack, machine.logicalId, 80),
    );
    const arn = `arn:aws:states:${place.region}:${place.account}:stateMachine:${name}`;
    await createOrUpdate(sfn, name, arn, definitionOf(machine), place);
    registry.set(machine.stack, machine.logicalId, { ref: arn, attributes: { Arn: arn, Name: name } });
  }
  return machines.length;
}

/** The definition as text, with `${Name}` replaced by what the template substitutes for it. */
function definitionOf({ property }: Pick<Declared, 'property'>): string {
  const definition = property('DefinitionString') ?? property('Definition');
  const text = typeof definition === 'string' ? definition : JSON.stringify(definition);
  const substitutions = (property('DefinitionSubstitutions') ?? {}) as Record<string, unknown>;
  return text.replace(/\$\{([A-Za-z0-9_-]+)\}/g, (whole, name: string) =>
    Object.hasOwn(substitutions, name) ? jsonInside(String(substitutions[name])) : whole,
  );
}

/** A substitution stands inside a JSON string. */
function jsonInside(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

async function createOrUpdate(
  sfn: SFNClient,
  name: string,
  stateMachineArn: string,
  definition: string,
  { account }: Place,
): Promise<void> {
  const roleArn = `arn:aws:iam::${account}:role/local`;
  try {
    await sfn.send(new UpdateStateMachineCommand({ stateMachineArn, definition, roleArn }));
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'StateMachineDoesNotExist') throw error;
    await sfn.send(new CreateStateMachineCommand({ name, definition, roleArn }));
  }
}
