/** What the page needs to know of a rule. */
interface SecretKind {
  readonly id: string;
  readonly issuer: string;
  readonly description: string;
}

const HEAD = `<!-- Made by "node scripts/make-docs.ts" from the rules of policies/dlp-filter. Do not edit. -->

# Secrets that dlp-filter knows

With \`detect_secrets\` (on by default) \`dlp-filter\` looks for these kinds, in requests and in answers. The rule id is what events,
\`kt policy explain\` and golden cases call them. Placeholders of documentation (\`your-token-here\`, \`EXAMPLE\`) are not reported.`;

/** docs/secrets.md: every kind of secret, by issuer. */
export function secretsPage(rules: readonly SecretKind[]): string {
  const byIssuer = [...Map.groupBy(rules, ({ issuer }) => issuer)].toSorted(([a], [b]) => order(a, b));
  const rows = byIssuer.flatMap(([issuer, kinds]) =>
    kinds.map(
      ({ id, description }, i) => `| ${i === 0 ? shown(issuer) : ''} | \`${id}\` | ${cell(description)} |`,
    ),
  );
  const count = `${rules.length} kinds of ${byIssuer.length - 1} issuers, and of anybody.`;
  return `${[HEAD, count, ['| issuer | rule | what it finds |', '|---|---|---|', ...rows].join('\n')].join('\n\n')}\n`;
}

const ANY = 'any';

/** What belongs to no issuer comes last. */
function order(a: string, b: string): number {
  return Number(a === ANY) - Number(b === ANY) || a.localeCompare(b, 'en');
}

const shown = (issuer: string) => (issuer === ANY ? 'anybody' : cell(issuer));
const cell = (text: string) => text.replaceAll('|', '\\|');
