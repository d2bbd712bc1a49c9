import { describe, expect, test } from '@jest/globals';
import { AwsSolutionsChecks } from 'cdk-nag';
import { ConsoleIdentity } from '#env/console-identity.ts';
import { OidcSettings } from '../../lib/console/identity/settings.ts';
import { checkedEnvironment, type Synthesized, synthesized } from './synthesized.ts';

const URL = 'https://abc.lambda-url.eu-central-1.on.aws/';

function withConsole(settings: unknown): Synthesized {
  return synthesized('dev', {
    environment: { ...checkedEnvironment('dev'), console: ConsoleIdentity.parse(settings) },
  });
}

/** Properties of the resources of a type, in the order of the template. */
function ofType({ resources }: Synthesized, type: string): Record<string, unknown>[] {
  return Object.values(resources)
    .filter(({ Type }) => Type === type)
    .map(({ Properties }) => Properties);
}

describe('a user pool of our own', () => {
  const made = withConsole({ identity: 'cognito', url: URL, domain: 'kt-dev-example' });

  test('is joined by invitation only, with a second factor, and outlives its stack', () => {
    expect(ofType(made, 'AWS::Cognito::UserPool')).toMatchObject([
      {
        AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
        MfaConfiguration: 'ON',
        EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
        DeletionProtection: 'ACTIVE',
      },
    ]);
    const pool = Object.values(made.resources).find(({ Type }) => Type === 'AWS::Cognito::UserPool');
    expect(pool?.DeletionPolicy).toBe('Retain');
  });

  test('has a group per role', () => {
    const groups = ofType(made, 'AWS::Cognito::UserPoolGroup').map(({ GroupName }) => GroupName);
    expect(groups).toEqual(['viewer', 'reviewer', 'admin']);
  });

  test('has one public client that takes codes and sends people to the console only', () => {
    expect(ofType(made, 'AWS::Cognito::UserPoolClient')).toMatchObject([
      {
        GenerateSecret: false,
        AllowedOAuthFlows: ['code'],
        CallbackURLs: [URL],
        LogoutURLs: [URL],
      },
    ]);
  });

  test.each(['required', 'optional'])('has no finding of the AWS Solutions rules with MFA %s', (mfa) => {
    const { app } = withConsole({ identity: 'cognito', url: URL, domain: 'kt-dev-example', mfa });
    const { violations } = new AwsSolutionsChecks(app.node.root).validateScope(app.node.root);
    expect(violations.map(({ ruleName }) => ruleName)).toEqual([]);
  });
});

test('an issuer of the environment file reaches the console function in the form it reads', () => {
  const made = withConsole({ identity: 'oidc', issuer: 'https://idp.example/realm', client_id: 'kt' });
  const variables = ofType(made, 'AWS::Lambda::Function').map(
    ({ Environment }) =>
      (Environment as { Variables?: Record<string, string> } | undefined)?.Variables?.['OIDC'],
  );

  const [text = ''] = variables.filter((value) => value !== undefined);

  expect(OidcSettings.parse(JSON.parse(text))).toMatchObject({
    issuer: 'https://idp.example/realm',
    client_id: 'kt',
    roles_claim: 'groups',
  });
  expect(ofType(made, 'AWS::Cognito::UserPool')).toEqual([]);
});

test.each([
  { identity: 'oidc', issuer: 'http://idp.example', client_id: 'kt' },
  { identity: 'oidc', issuer: 'https://idp.example' },
  { identity: 'cognito', url: URL, domain: 'my-cognito' },
  { identity: 'cognito', url: 'http://console.example', domain: 'kt' },
  { identity: 'tokens', issuer: 'https://idp.example' },
])('an environment may not say %j', (settings) => {
  expect(ConsoleIdentity.safeParse(settings).success).toBe(false);
});
