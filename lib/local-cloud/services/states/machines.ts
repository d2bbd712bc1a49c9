import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { AwsError } from '../aws-error.ts';
import type { DurableMap } from '../durable-map.ts';
import { type Operation, operation } from '../operation.ts';
import type { StoredMachine } from './execution.ts';
import { paged } from './paging.ts';
import { parseMachine } from './parse-machine.ts';

const Create = z.object({
  name: z.string().regex(/^[A-Za-z0-9_.-]{1,80}$/),
  definition: z.string().min(1),
  roleArn: z.string().default('arn:aws:iam::000000000000:role/local'),
  type: z
    .literal('STANDARD', { error: 'the embedded cloud has STANDARD state machines only' })
    .default('STANDARD'),
});
const byArn = z.object({ stateMachineArn: z.string().min(1) });
const Update = byArn.extend({ definition: z.string().min(1).optional(), roleArn: z.string().optional() });

/** State machines by ARN. */
export class Machines {
  readonly #machines: DurableMap<StoredMachine>;
  readonly #arnPrefix: string;

  constructor(machines: DurableMap<StoredMachine>, arnPrefix: string) {
    this.#machines = machines;
    this.#arnPrefix = arnPrefix;
  }

  find(arn: string): StoredMachine {
    const machine = this.#machines.get(arn);
    if (machine) return machine;
    throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
  }

  operations(): Record<string, Operation> {
    return {
      CreateStateMachine: operation(Create, (input) => this.#create(input)),
      UpdateStateMachine: operation(Update, (input) => this.#update(input)),
      DescribeStateMachine: operation(byArn, ({ stateMachineArn }) => describe(this.find(stateMachineArn))),
      ListStateMachines: paged(z.object({}), 'stateMachines', () =>
        [...this.#machines.entries()].map(([, machine]) => summary(machine)),
      ),
      DeleteStateMachine: operation(byArn, ({ stateMachineArn }) =>
        this.#machines.put([[stateMachineArn, undefined]]),
      ),
    };
  }

  async #create({ name, definition, roleArn }: z.output<typeof Create>): Promise<object> {
    parseMachine(definition);
    const arn = `${this.#arnPrefix}stateMachine:${name}`;
    const known = this.#machines.get(arn);
    if (known && (known.definition !== definition || known.roleArn !== roleArn)) {
      throw new AwsError(
        'StateMachineAlreadyExists',
        `State Machine Already Exists: '${arn}': use UpdateStateMachine`,
      );
    }
    const now = Date.now();
    const machine = known ?? {
      arn,
      name,
      definition,
      roleArn,
      createdAt: now,
      updatedAt: now,
      revision: randomUUID(),
    };
    await this.#machines.put([[arn, machine]]);
    return { stateMachineArn: arn, creationDate: machine.createdAt / 1000 };
  }

  /** Executions that run keep the definition they started with. */
  async #update(input: z.output<typeof Update>): Promise<object> {
    const before = this.find(input.stateMachineArn);
    const definition = input.definition ?? before.definition;
    parseMachine(definition);
    const roleArn = input.roleArn ?? before.roleArn;
    const machine = { ...before, definition, roleArn, updatedAt: Date.now(), revision: randomUUID() };
    await this.#machines.put([[before.arn, machine]]);
    return { updateDate: machine.updatedAt / 1000, revisionId: machine.revision };
  }
}

function summary(machine: StoredMachine): object {
  const { arn, name, createdAt } = machine;
  return { stateMachineArn: arn, name, type: 'STANDARD', creationDate: createdAt / 1000 };
}

function describe(machine: StoredMachine): object {
  const { definition, roleArn, revision } = machine;
  return { ...summary(machine), status: 'ACTIVE', definition, roleArn, revisionId: revision };
}
