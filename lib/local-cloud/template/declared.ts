import type { Resource, Stack } from './assembly.ts';
import { resolve } from './intrinsics.ts';
import type { Registry } from './names.ts';

/** One resource of a template, its properties still unresolved. */
export interface Declared {
  readonly stack: Stack;
  readonly logicalId: string;
  readonly resource: Resource;
  /** Resolves a property; throws, naming the resource, when something in it is not known here. */
  property(name: string): unknown;
}

/** The resources of these types in all stacks, without those whose condition is false. */
export function declared(registry: Registry, ...types: readonly string[]): Declared[] {
  return registry.stacks.flatMap((stack) =>
    Object.entries(stack.template.Resources ?? {})
      .filter(([, resource]) => types.includes(resource.Type) && isWanted(registry, stack, resource))
      .map(([logicalId, resource]) => ({
        stack,
        logicalId,
        resource,
        property: (name) => property(registry, stack, logicalId, resource, name),
      })),
  );
}

function isWanted(registry: Registry, stack: Stack, { Condition }: Resource): boolean {
  return Condition === undefined || registry.namesOf(stack).condition(Condition);
}

function property(
  registry: Registry,
  stack: Stack,
  logicalId: string,
  { Properties = {} }: Resource,
  name: string,
): unknown {
  try {
    return resolve(Properties[name], registry.namesOf(stack));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${stack.name}/${logicalId}.${name}: ${reason}`, { cause });
  }
}

/** How many resources of each type are there and not served, `IAM::Role ×9`, the most frequent first. */
export function skippedTypes(registry: Registry, served: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const { template } of registry.stacks) {
    for (const { Type } of Object.values(template.Resources ?? {})) {
      if (!served.includes(Type)) counts.set(Type, (counts.get(Type) ?? 0) + 1);
    }
  }
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([type, count]) => `${type.replace(/^AWS::/, '')}${count > 1 ? ` ×${count}` : ''}`);
}
