import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkDigits, hasCheckDigits } from '#policies/dlp-filter/checksum.ts';
import { findManifestSecrets } from '#policies/dlp-filter/manifest-secrets.ts';
import { SECRET_RULES } from '#policies/dlp-filter/secret-rules.ts';
import { findSecrets, openSecret } from '#policies/dlp-filter/secrets.ts';
import { TOKEN_RULES } from '#policies/dlp-filter/tokens.ts';
import { leastCost } from '../support/least-cost.ts';
import { SAMPLES } from './dlp-filter.samples.ts';

const rules = (text: string) => findSecrets(text, 0).map(({ rule }) => rule);
const PREFIXED = new Set(TOKEN_RULES.map(({ id }) => id));
const GENERAL = [
  'jwt',
  'private_key',
  'kubernetes_secret',
  'url_password',
  'curl_password',
  'password',
  'assignment',
];
const hex = (length: number) =>
  '3f786850e387550fdab836ed7e6dc881de23001b9c1e7a54'.repeat(20).slice(0, length);
const EMULATOR = [
  'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsu',
  'Fq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==',
].join('');
const BASE64 =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAA/AKIA/sk+EJU5';

describe('the secret rules', () => {
  it('have ids, issuers and descriptions of their own', () => {
    expect(new Set(SECRET_RULES.map(({ id }) => id)).size).toBe(SECRET_RULES.length);
    expect(SECRET_RULES.filter(({ issuer, description }) => !issuer || !description)).toEqual([]);
  });

  it('all have a sample, but for the general ones', () => {
    const general = new Set(GENERAL.map((name) => `secret.${name}`));
    const sampled = new Set(SAMPLES.map(({ rule }) => rule));
    expect(SECRET_RULES.filter(({ id }) => !general.has(id) && !sampled.has(id))).toEqual([]);
  });

  it.each(SAMPLES)('find a $rule from its first to its last sign', ({ rule, text, secret }) => {
    const start = text.indexOf(secret);
    const found = findSecrets(text, 0).filter((one) => one.rule === rule);
    expect(found).toContainEqual({ rule, start, end: start + secret.length });
  });

  it.each(SAMPLES.filter(({ rule }) => PREFIXED.has(rule)))(
    'find a $rule after an escaped line break',
    (one) => {
      expect(rules(`\\n${one.secret} `)).toContain(one.rule);
    },
  );
});

describe('what is no secret', () => {
  it.each([
    ['a UUID', 'id 9d72a467-cb7a-4fbc-8c34-b3fcd22dcaf6, trace=9d72a467-cb7a-4fbc-8c34-b3fcd22dcaf6'],
    [
      'a list of UUIDs in JSON',
      '{"id":"9d72a467-cb7a-4fbc-8c34-b3fcd22dcaf6","user_id":"0c845d31-3b8a-4f96-aa79-4b0ce3fdd798"}',
    ],
    ['a git hash', `commit ${hex(40)}\nparent ${hex(40)}\nindex 3f78685..e387550 100644`],
    ['a version pinned by hash', `uses: actions/checkout@${hex(40)}`],
    ['an image digest', `image: registry.example.com/app@sha256:${hex(64)}`],
    ['an S3 object', `arn:aws:s3:::logs-eu-west-1-123456789012/AWSLogs/2026/11/23/${hex(32)}.json.gz`],
    ['an EKS cluster', 'arn:aws:eks:eu-central-1:123456789012:cluster/prod-blue-7f3a91'],
    ['the name of a secret', 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-AbC1d2'],
    ['an image in base64', `![](data:image/png;base64,${BASE64.repeat(8)})`],
    [
      'an integrity hash',
      `"integrity": "sha512-${BASE64.slice(0, 86)}==",\n"resolved": "https://registry.npmjs.org/a/-/a-1.0.0.tgz"`,
    ],
    [
      'minified code',
      '!function(e,t){var n=e.key,r=t.token||n;for(var i=0;i<r.length;i++)a.secretKey=r[i].authToken;return{apiKey:n}}',
    ],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the shell
    ['a template', 'password=${DB_PASSWORD}; token: {{ secrets.API_TOKEN_2 }}; key: <your-api-key-1>'],
    [
      'an environment variable',
      'const apiKey = process.env.OPENAI_API_KEY_2;\napi_key = os.environ["OPENAI_API_KEY_2"]',
    ],
    ['an example', 'AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE'],
    ['a row of x', `token=ghp_${'x'.repeat(36)} sk-${'x'.repeat(48)} AIzaSy${'X'.repeat(33)}`],
    ['a placeholder', 'api_key = "your-api-key-goes-here-123"'],
    ['a page token', `"nextPageToken": "${hex(40)}"`],
    ['a public key', `public_key = "${hex(40)}", "publishable_key": "pk_live_${hex(24)}"`],
    [
      'a question about passwords',
      'The password must have 8 characters, is it safe? My token: none. Key: 5.',
    ],
    ['an address with a port', 'http://localhost:8080/path?x=1@2 and https://user.example.com:8443/a@b'],
    ['a database with its default password', 'postgres://postgres:postgres@localhost:5432/app'],
    [
      'an address of a template',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the shell
      'https://username:password@example.com redis://:${REDIS_PASSWORD}@cache:6379',
    ],
    ['curl with variables', 'curl -u "$USER:$PASSWORD" https://x.example.com; curl -u name:token x'],
    ['three parts in base64', `eyJ${hex(20)}.eyJ${hex(20)}.${hex(40)}`],
    ['a certificate', `-----BEGIN CERTIFICATE-----\n${BASE64}\n-----END CERTIFICATE-----`],
    [
      'a word with a prefix in it',
      `task-sk-learning-rate-scheduler risk-proj asia AKIA npm_config_registry hf_transfer ghp_ glpat-`,
    ],
    ['a file named after its hash', `app-${hex(24)}.js main.${hex(20)}.css fc-match key-value`],
    [
      'a question about keys',
      'What does -----BEGIN PRIVATE KEY----- mean at the top of this file, and is it safe?',
    ],
    ['the name of an object', 'secret: my-app-tls-2024-prod\nsecretKey: prod/billing/api-key-2024'],
    [
      'a log',
      '{"tool_call_id":"call_8fJ2kLm0pQ3rS4tU5vW6xY7z","system_fingerprint":"fp_44709d6fcb","prompt_tokens":"1234567890123456"}',
    ],
    [
      'the name of a header',
      'const TOKEN = "x-aws-ec2-metadata-token";\nSHA2_PASSWORD="CACHING_SHA2_PASSWORD"',
    ],
    ['an expression', 'this.encryptionKey=props.s3Encryption._kmsKey||autoCreatedKmsKey1'],
    [
      'a test key from the sources of the Firebase SDK',
      `{ apiKey: "${['AIza', 'SyA4UrcGxgwQFTfaI3no3t7Lt1sjmdnP5sQ'].join('')}" }`,
    ],
    [
      'the key of the API reference',
      `curl https://api.stripe.com/v1/charges -u ${['sk_te', 'st_4eC39HqLyjWDarjtT1zdp7dc'].join('')}:`,
    ],
    ['the key of a storage emulator', `AccountKey=${EMULATOR};BlobEndpoint=http://127.0.0.1:10000`],
    ['a path under a key', 'key = exports/2026/November/Report_Final_Version_ABCdef123456.csv'],
    ['a hash under a key', `cache-key: linux-node-${hex(64)}`],
    ['an example of AWS', `ABSKQmVkcm9ja0FQSUtleS1${'EXAMPLE'.repeat(14)}`],
    ['a camera', `ReactNativeCameraKit: ${hex(40)}`],
  ])('says nothing about %s', (_, text) => {
    expect(rules(text)).toEqual([]);
  });
});

describe('values under a name', () => {
  const value = ['Zk8', 'vQ2mR7xLp4Wd9'].join('');
  it.each([
    `api_key=${value}`,
    `"apiKey": "${value}"`,
    `{\\"api_key\\": \\"${value}\\"}`,
    `config.set("client_secret", "${value}")`,
    `tool --auth-token ${value} --verbose`,
    `<token>${value}</token>`,
    `**API key:** ${value}`,
    `my API key is ${value}.`,
    `x-api-key: ${value}`,
    `Authorization: Bearer ${value}`,
    `accessToken = '${value}'`,
    `secret_key ?= ${value}`,
    `<add key="ApiKey" value="${value}" />`,
    `{ "name": "AUTH_TOKEN", "value": "${value}" }`,
    `env:\n  - name: AUTH_TOKEN\n    value: ${value}\n`,
  ])('are found in %j', (text) => {
    const start = text.indexOf(value);
    expect(findSecrets(text, 0)).toEqual([{ rule: 'secret.assignment', start, end: start + value.length }]);
  });

  it.each([
    ['Our password is Sommer2024!', 'Sommer2024'],
    ["db.password = 'p@ss,w0rd{x}'", 'p@ss,w0rd{x}'],
    ['pwd: hunter2', 'hunter2'],
    ['PASSWORD=Sup@r#Secret', 'Sup@r#Secret'],
  ])('may be chosen by people: %j', (text, secret) => {
    expect(findSecrets(text, 0).map(({ start, end }) => text.slice(start, end))).toEqual([secret]);
  });

  it('keep user and host of an address readable', () => {
    const text = ['postgres://app:s3', 'cr3t@Pa55@db.internal:5432/main'].join('');
    const [found] = findSecrets(text, 0);
    expect(text.slice(found?.start, found?.end)).toBe(['s3', 'cr3t@Pa55'].join(''));
  });
});

describe('values that say enough themselves', () => {
  it.each([
    ['a long random value under any key', 'key = Wq7RtY2uI9oPaS4dFgH6jKlZxC8vBnM3Qe5T'],
    ['a short token of Grafana Cloud', `${['glc_e', 'yJvIjoiNDIiLCJuIjoiYWJjIiwiayI6ImRlZiJ9'].join('')}==`],
    [
      'a token whose end was written over',
      `${['lin_', 'api_'].join('')}r4Tk2PqLmVzxYhCWTbgNAUd6s8wGjCnKtXvBEXAMPLE`,
    ],
  ])('are found: %s', (_, text) => {
    expect(findSecrets(text, 0)).toHaveLength(1);
  });
});

describe('a Kubernetes secret', () => {
  const value = ['c3VwZXItc2VjcmV0', 'LXZhbHVlLTQy'].join('');
  const values = (text: string) => findManifestSecrets(text).map(({ start, end }) => text.slice(start, end));

  it.each([
    `apiVersion: v1\nkind: Secret\nmetadata:\n  name: shop\ndata:\n  anything: ${value}\n`,
    `apiVersion: v1\ndata:\n  anything: "${value}"\nkind: Secret\ntype: Opaque\n`,
    `kind: ConfigMap\ndata:\n  other: ${value}\n---\nkind: 'Secret'\ndata:\n  anything: '${value}'\n`,
    `items:\n- kind: Secret\n  data:\n    anything: |\n      ${value}\n  type: Opaque\n`,
    `{"kind": "Secret", "data": {"anything": "${value}"}, "type": "Opaque"}`,
    `{\n  "kind": "Secret",\n  "data": {\n    "anything": "${value}"\n  }\n}`,
  ])('has its values found under any name: %j', (text) => {
    expect(values(text)).toEqual([value]);
  });

  it.each([
    ['another kind', `kind: ConfigMap\ndata:\n  anything: ${value}\n`],
    ['a kind that only begins like it', `kind: SecretStore\ndata:\n  anything: ${value}\n`],
    ['its labels', `kind: Secret\nmetadata:\n  labels:\n    app: ${value}\ndata:\n  user: YQ==\n`],
    ['a template', 'kind: Secret\ndata:\n  anything: {{ .Values.password | b64enc }}\n'],
    ['what follows the map', `kind: Secret\ndata:\n  a: YQ==\nmetadata:\n  uid: ${value}\n`],
    ['a question', 'What does kind: Secret mean, and is data: encrypted?'],
  ])('is not seen in %s', (_, text) => {
    expect(values(text)).toEqual([]);
  });
});

describe('check digits', () => {
  it('are those of the issuers', () => {
    // CRC-32 of "123456789" is 0xcbf43926, the check value of the algorithm.
    expect(checkDigits('123456789')).toBe(base62(0xcbf43926));
  });

  it('prove a token that looks like an example', () => {
    const random = `Example${'Ab3'.repeat(8)}`.slice(0, 30);
    const token = `ghp_${random}${checkDigits(random)}`;
    expect(rules(token)).toEqual(['secret.github_token']);
    expect(rules(`ghp_${random}abcdef`)).toEqual([]);
    expect(hasCheckDigits(`${random}abcdef`)).toBe(false);
  });
});

describe('what is held of a growing text', () => {
  it('begins no later than any secret that the text may still become', () => {
    const sample = fc.constantFrom(...SAMPLES);
    fc.assert(
      fc.property(sample, fc.nat(), fc.constantFrom('', ' ', '\n', '"', 'a.', '- '), (one, cut, before) => {
        const text = before + one.text;
        const found = findSecrets(`${text} `, 0);
        const length = 1 + (cut % text.length);
        const open = openSecret(text.slice(0, length), 0);
        for (const { start, end } of found)
          if (start < length && end > length) expect(open).toBeLessThanOrEqual(start);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('hostile texts of 100 KB', () => {
  const SIZE = 100_000;
  /** Milliseconds of processor time, the better of two runs. */
  const cost = (run: () => unknown) => leastCost(run, 250);

  it.each([
    'password=a1',
    'password: ',
    'datadog: a1',
    'abc:',
    'key="value" value="',
    '--token ',
    '\\"',
    'curl -u a ',
    ' -u a:',
    '://a:b@c',
    '://a:',
    'sk-a1',
    'eyJ-',
    'eyJ=',
    'eyJaaaaaaaa.eyJaaaa.',
    'ops_eyJ=',
    'IQoJb3JpZ2lu=',
    'glpat-1.',
    'xoxb-12345678-',
    '1234567890123|a',
    'MTIzNDU2Nzg5MDEyMzQ1Njc4.',
    'aQ~',
    'a-us1 ',
    '-----BEGIN RSA PRIVATE KEY-----\\nMIIE',
    'Private-Lines: 8\n',
    'AAAAAAAAAAAAAAAAAAAAA',
  ])('are read in less than 250 ms: %j', (part) => {
    const text = part.repeat(Math.ceil(SIZE / part.length));
    expect(cost(() => findSecrets(text, 0))).toBeLessThan(250);
    expect(cost(() => openSecret(text, 0))).toBeLessThan(250);
  });

  it.each([
    'kind: Secret\ndata:\n',
    'kind: Secret\n data: a: ',
    '---\nkind: Secret\ndata: {',
    '"data": { kind: Secret ',
  ])('are read as manifests in less than 250 ms: %j', (part) => {
    const text = part.repeat(Math.ceil(SIZE / part.length));
    expect(cost(() => findManifestSecrets(text))).toBeLessThan(250);
  });
});

function base62(value: number): string {
  const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  let text = '';
  for (let rest = value; rest > 0; rest = Math.floor(rest / 62)) text = (digits[rest % 62] ?? '') + text;
  return text.padStart(6, '0');
}
