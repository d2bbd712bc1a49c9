import { SAMPLES } from './dlp-filter.samples.ts';
import type { OutputVectors } from './inspector-contract.ts';

/** One secret of every rule. */
const everyRule = [...Map.groupBy(SAMPLES, ({ rule }) => rule).values()].map(([first]) => first?.text ?? '');

/** Invented tokens in the issuers' formats, put together here so that no scanner of this repository takes them for real. */
const t = (...parts: string[]) => parts.join('');

export const vectors: OutputVectors = {
  kind: 'dlp-filter',
  settings: {
    blocked_terms: ['Project Nightingale', 'orion-x7'],
    detect_patterns: ['PRJ-[0-9]{4}'],
    sensitivity_level: 'high',
  },
  positives: [
    t('key AKIA', 'QYLPMN5HHHFPZAM2 here'),
    t('ghp', '_016C7m4qWzYt8rB2nK5vX9sD3fG6hJ1kL0pQ ok'),
    t('glpat', '-Zx9cV8bN7mA6sD5fG4hJ '),
    t('xoxb', '-123456789012-1234567890123-AbCdEfGhIjKlMnOpQrStUvWx'),
    t('sk_live', '_4eC39HqLyjWDarjtT1zdp7dc,'),
    t('use sk-proj', '-abcDEF123456_ghiJKL789012-mnoPQR345678 now'),
    t('sk-ant', '-api03-abcDEF123456ghiJKL789012mnoPQR345678stu'),
    t('AIza', 'SyA1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q x'),
    t('npm', '_aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3xY5 y'),
    t('SG', '.aBcDeFgHiJkLmNoPqRsTuV.wXyZ0123456789aBcDeFgHiJkLmNoPqRsTuVwXyZ012 z'),
    t(
      'token eyJ',
      'hbGciOiJIUzI1NiJ9.eyJ',
      'zdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U end',
    ),
    t('postgres', '://app:s3cr3tPa55@db.internal:5432/main'),
    t('https', '://bob:hunter2secret@example.com/path'),
    t('password = "', 'Tr0ub4dor&3x9z" in the file'),
    t('AWS_SECRET_', 'ACCESS_KEY=wJalrXUtnFEMIK7MDENGbPxRfiCYzzzzKEY12 ok'),
    t(
      '-----BEGIN RSA PRI',
      'VATE KEY-----\nMIIEowIBAAKCAQEA7bq3\nabc+/=\n-----END RSA PRIVATE KEY-----\nafter',
    ),
    t('-----BEGIN PRI', 'VATE KEY-----\nMIIEowIBAAKCAQEA7bq3'),
    t('curl -u admin', ':s3cr3tPa55 https://db.example.com'),
    ...everyRule,
    'The Project  Nightingale files',
    'about project-nightingale.',
    'unit Orion-X7 flies',
    'see PRJ-0042 for more',
    'marked TOP SECRET today',
  ],
};
