import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';

/** Adds one statement to a function's own role: named actions on named resources. */
export function permit(
  grantee: IGrantable,
  actions: readonly string[],
  resources: readonly string[],
  conditions?: Record<string, unknown>,
): void {
  grantee.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({
      actions: [...actions],
      resources: [...resources],
      ...(conditions === undefined ? {} : { conditions }),
    }),
  );
}

/** Every item but those whose partition key begins with one of these. */
export function exceptKeys(...prefixes: string[]): Record<string, unknown> {
  return { 'ForAllValues:StringNotLike': { 'dynamodb:LeadingKeys': prefixes.map((prefix) => `${prefix}*`) } };
}

/** Only items whose partition key begins with one of these. */
export function onKeys(...prefixes: string[]): Record<string, unknown> {
  return { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': prefixes.map((prefix) => `${prefix}*`) } };
}
