import type { Place } from '../aws-clients.ts';
import type { Resource, Stack } from './assembly.ts';
import { type Names, NO_VALUE, resolve } from './intrinsics.ts';

/** What `Ref` and `Fn::GetAtt` give for a resource that exists. */
interface Physical {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** The resources of all stacks, with the names they got; imports look through the outputs of every stack. */
export interface Registry {
  readonly stacks: readonly Stack[];
  set(stack: Stack, logicalId: string, physical: Physical): void;
  get(stack: Stack, logicalId: string): Physical | undefined;
  namesOf(stack: Stack): Names;
}

export function createRegistry(stacks: readonly Stack[], place: Place): Registry {
  const known = new Map<string, Physical>();
  const keyOf = (stack: Stack, logicalId: string) => `${stack.name}/${logicalId}`;

  function physicalOf(stack: Stack, logicalId: string): Physical {
    const found = known.get(keyOf(stack, logicalId));
    if (found) return found;
    const resource = stack.template.Resources?.[logicalId];
    if (!resource) throw new Error(`${stack.name} has no resource or parameter ${logicalId}`);
    return standIn(stack, logicalId, resource, place);
  }

  function imported(name: string): unknown {
    for (const stack of stacks) {
      for (const output of Object.values(stack.template.Outputs ?? {})) {
        if (output.Export && resolve(output.Export.Name, namesOf(stack)) === name)
          return resolve(output.Value, namesOf(stack));
      }
    }
    throw new Error(`no stack exports ${name}`);
  }

  function namesOf(stack: Stack): Names {
    const { Conditions = {}, Mappings = {}, Parameters = {} } = stack.template;
    const names: Names = {
      imported,
      ref(name) {
        const pseudo = pseudoParameter(name, stack, place);
        if (pseudo !== undefined) return pseudo;
        if (name in Parameters) return Parameters[name]?.Default ?? '';
        return physicalOf(stack, name).ref;
      },
      attribute(logicalId, name) {
        const value = physicalOf(stack, logicalId).attributes[name];
        if (value === undefined) throw new Error(`${stack.name}: ${logicalId} has no attribute ${name} here`);
        return value;
      },
      condition(name) {
        if (!(name in Conditions)) throw new Error(`${stack.name} has no condition ${name}`);
        return resolve(Conditions[name], names) === true;
      },
      mapped(map, key, second) {
        const value = Mappings[map]?.[key]?.[second];
        if (value === undefined) throw new Error(`${stack.name} has no mapping ${map}.${key}.${second}`);
        return value;
      },
    };
    return names;
  }

  return {
    stacks,
    set: (stack, logicalId, physical) => void known.set(keyOf(stack, logicalId), physical),
    get: (stack, logicalId) => known.get(keyOf(stack, logicalId)),
    namesOf,
  };
}

/** A resource that is skipped here may still be named by others: it gets a name and an ARN of the right form. */
function standIn(stack: Stack, logicalId: string, { Type }: Resource, { region, account }: Place): Physical {
  const ref = physicalName(stack, logicalId);
  const service = Type.split('::')[1]?.toLowerCase() ?? 'local';
  const arn = `arn:aws:${service}:${region}:${account}:${ref}`;
  const profile = { InferenceProfileId: ref, InferenceProfileArn: arn };
  return { ref, attributes: { Arn: arn, ...(service === 'bedrock' ? profile : {}) } };
}

/** `kt-dev-app-Console…`: CloudFormation adds a random end where ours is stable, so that a restart finds its things again. */
export function physicalName(stack: Stack, logicalId: string, limit = 64): string {
  const name = `${stack.name}-${logicalId}`;
  return name.length <= limit ? name : `${name.slice(0, limit - 9)}-${name.slice(-8)}`;
}

function pseudoParameter(name: string, stack: Stack, { region, account }: Place): unknown {
  const values: Record<string, unknown> = {
    'AWS::AccountId': account,
    'AWS::NoValue': NO_VALUE,
    'AWS::NotificationARNs': [],
    'AWS::Partition': 'aws',
    'AWS::Region': region,
    'AWS::StackId': `arn:aws:cloudformation:${region}:${account}:stack/${stack.name}/local`,
    'AWS::StackName': stack.name,
    'AWS::URLSuffix': 'amazonaws.com',
  };
  if (name.startsWith('AWS::') && !(name in values))
    throw new Error(`the pseudo parameter ${name} is not known here`);
  return values[name];
}
