import { resolve } from 'node:path';
import type { Place } from '../aws-clients.ts';
import type { FunctionSpec } from '../lambda/runner.ts';
import { type Declared, declared } from '../template/declared.ts';
import { physicalName, type Registry } from '../template/names.ts';

export const FUNCTION_TYPES = ['AWS::Lambda::Function'] as const;

/** What is known of a function before the things its environment refers to exist. */
export interface FunctionOutline {
  readonly name: string;
  readonly arn: string;
  /** Its tag `keeptrusts:component`. */
  readonly component: string;
  /** The one app it serves, where it is dedicated. */
  readonly dedicatedApp?: string;
}

export interface DeclaredFunction extends FunctionOutline, FunctionSpec {
  readonly reservedConcurrency?: number;
}

/** Gives every function its name and ARN, which others may refer to from now on. */
export function nameFunctions(registry: Registry, { region, account }: Place): FunctionOutline[] {
  return declared(registry, ...FUNCTION_TYPES).map((item) => {
    const { stack, logicalId, property } = item;
    const name = String(property('FunctionName') ?? physicalName(stack, logicalId));
    const arn = `arn:aws:lambda:${region}:${account}:function:${name}`;
    registry.set(stack, logicalId, { ref: name, attributes: { Arn: arn } });
    const app = rawVariables(item)['DEDICATED_APP'];
    return {
      name,
      arn,
      component: tagOf(item, 'keeptrusts:component') ?? '',
      ...(typeof app === 'string' && { dedicatedApp: app }),
    };
  });
}

function rawVariables({ resource }: Declared): Record<string, unknown> {
  const environment = resource.Properties?.['Environment'] as
    | { Variables?: Record<string, unknown> }
    | undefined;
  return environment?.Variables ?? {};
}

/** Reads the functions; everything their environment refers to must exist by now. */
export function readFunctions(registry: Registry, outlines: readonly FunctionOutline[]): DeclaredFunction[] {
  const byName = new Map(outlines.map((outline) => [outline.name, outline]));
  return declared(registry, ...FUNCTION_TYPES).flatMap((item) => {
    const outline = byName.get(registry.get(item.stack, item.logicalId)?.ref ?? '');
    return outline ? [readFunction(item, outline)] : [];
  });
}

function readFunction(item: Declared, outline: FunctionOutline): DeclaredFunction {
  const reserved = item.property('ReservedConcurrentExecutions');
  return {
    ...outline,
    handler: String(item.property('Handler')),
    assetDir: assetOf(item),
    timeoutSeconds: Number(item.property('Timeout') ?? 3),
    memoryMb: Number(item.property('MemorySize') ?? 128),
    environment: environmentOf(item),
    ...(reserved !== undefined && { reservedConcurrency: Number(reserved) }),
  };
}

/** The folder that was bundled, by CDK's own note in the template or by the key it is uploaded under. */
function assetOf({ stack, logicalId, resource, property }: Declared): string {
  const noted = resource.Metadata?.['aws:asset:path'];
  if (typeof noted === 'string') return resolve(stack.folder, noted);
  const { S3Key } = (property('Code') ?? {}) as { S3Key?: string };
  const folder = stack.assets.get(S3Key ?? '');
  if (!folder) throw new Error(`${stack.name}/${logicalId}: its code is not an asset of this assembly`);
  return folder;
}

function environmentOf({ stack, logicalId, property }: Declared): Record<string, string> {
  const { Variables = {} } = (property('Environment') ?? {}) as { Variables?: Record<string, unknown> };
  return Object.fromEntries(
    Object.entries(Variables).map(([name, value]) => {
      if (typeof value === 'object')
        throw new Error(`${stack.name}/${logicalId}: variable ${name} is not a text`);
      return [name, String(value)] as const;
    }),
  );
}

function tagOf({ property }: Declared, key: string): string | undefined {
  const tags = (property('Tags') ?? []) as { Key: string; Value: string }[];
  return tags.find((tag) => tag.Key === key)?.Value;
}
