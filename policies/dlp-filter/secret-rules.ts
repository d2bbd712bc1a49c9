import { INFIX_RULES } from './infix-tokens.ts';
import { NAMED_RULES } from './named-rules.ts';
import type { SecretRule } from './secret-rule.ts';
import { TOKEN_RULES } from './tokens.ts';

const GENERAL: readonly SecretRule[] = [
  { id: 'secret.jwt', issuer: 'any', description: 'signed JSON Web Token with a readable header' },
  { id: 'secret.private_key', issuer: 'any', description: 'private key in PEM or PGP armour, also cut off' },
  {
    id: 'secret.kubernetes_secret',
    issuer: 'any',
    description: 'value of a Kubernetes secret, whatever its name (in requests)',
  },
  {
    id: 'secret.url_password',
    issuer: 'any',
    description: 'password in an address (https, databases, queues, …)',
  },
  { id: 'secret.curl_password', issuer: 'any', description: 'password in a curl command' },
  { id: 'secret.password', issuer: 'any', description: 'value that is called a password' },
  {
    id: 'secret.assignment',
    issuer: 'any',
    description: 'random value that is called a key, token or secret',
  },
];

/** Every kind of secret that dlp-filter knows, sorted by id. */
export const SECRET_RULES: readonly SecretRule[] = [
  ...TOKEN_RULES,
  ...INFIX_RULES,
  ...NAMED_RULES,
  ...GENERAL,
]
  .map(({ id, issuer, description }) => ({ id, issuer, description }))
  .sort((a, b) => (a.id < b.id ? -1 : 1));
