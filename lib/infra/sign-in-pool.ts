import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AccountRecovery, Mfa, OAuthScope, UserPool, type UserPoolClient } from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import type { Environment } from '#env/environment.ts';
import { acknowledgeSignIn } from './acknowledgements.ts';

type CognitoSettings = Extract<Environment['console'], { readonly identity: 'cognito' }>;

const GROUPS = ['viewer', 'reviewer', 'admin'] as const;

/** The people of the console: invited by an admin, in a group per role, signed in by code and PKCE on a page of Cognito's. */
export class SignInPool extends Construct {
  readonly pool: UserPool;
  readonly client: UserPoolClient;

  constructor(scope: Construct, id: string, { url, domain, mfa }: CognitoSettings) {
    super(scope, id);
    this.pool = new UserPool(this, 'Pool', {
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      passwordPolicy: {
        minLength: 12,
        requireDigits: true,
        requireLowercase: true,
        requireUppercase: true,
        requireSymbols: true,
      },
      mfa: mfa === 'required' ? Mfa.REQUIRED : Mfa.OPTIONAL,
      mfaSecondFactor: { otp: true, sms: false },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    for (const groupName of GROUPS) this.pool.addGroup(groupName, { groupName });
    this.pool.addDomain('Domain', { cognitoDomain: { domainPrefix: domain } });
    const home = new URL('/', url).href;
    this.client = this.pool.addClient('Console', {
      generateSecret: false,
      oAuth: {
        flows: { authorizationCodeGrant: true },
        scopes: [OAuthScope.OPENID, OAuthScope.EMAIL, OAuthScope.PROFILE],
        callbackUrls: [home],
        logoutUrls: [home],
      },
      idTokenValidity: Duration.hours(8),
      preventUserExistenceErrors: true,
    });
    acknowledgeSignIn(this.pool, mfa);
  }

  /** The variable OIDC of the console function. */
  settings(scope: Construct): string {
    return Stack.of(scope).toJsonString({
      issuer: this.pool.userPoolProviderUrl,
      client_id: this.client.userPoolClientId,
      roles_claim: 'cognito:groups',
    });
  }
}
