/** What the page needs to know of a kind of personal data. */
export interface PersonalKind {
  readonly entity: string;
  /** What its placeholders begin with. */
  readonly placeholder: string;
  /** Of numbers of countries, devices and accounts; absent for kinds with a finder of their own. */
  readonly scheme?:
    | { readonly region?: string; readonly valid?: unknown; readonly bare?: unknown }
    | undefined;
}

const HEAD = `<!-- Made by "node scripts/make-docs.ts" from the tables of policies/pii-detector. Do not edit. -->

# Personal data that pii-detector knows

These are the names for \`entities\` and \`exclude_entities\`. A value becomes a placeholder such as \`<EMAIL_k3v9q2>\`, the same for every
spelling of it. Names (but for the one on a card) and postal addresses are not found: no pattern describes them.

- **checked**: check digits, dates or ranges must be right, so that an order number of the same length is left alone;
- **alone**: it is found without a word that announces it ("tax id", "Steuernummer", …) beside it.`;

/** How the kinds with finders of their own are recognised. */
const OWN: Readonly<Record<string, { readonly checked: string; readonly alone: string }>> = {
  email: { checked: 'grammar', alone: 'yes' },
  phone: {
    checked: 'numbering plans (libphonenumber)',
    alone: 'with + and country code, and in North American form',
  },
  card: { checked: 'issuer ranges and Luhn', alone: 'yes' },
  iban: { checked: 'country lengths and mod 97', alone: 'yes' },
  ssn: { checked: 'ranges', alone: 'written with separators' },
  ip: { checked: 'grammar, public addresses', alone: 'yes' },
  mac: { checked: 'grammar', alone: 'yes' },
  wallet: { checked: 'checksum of the format', alone: 'yes' },
  cardholder: { checked: 'shape', alone: 'no' },
};

/** docs/personal-data.md: every kind of personal data, international ones first, then by country. */
export function personalDataPage(kinds: readonly PersonalKind[]): string {
  const rows = kinds.toSorted((a, b) => compare(sortKey(a), sortKey(b))).map(row);
  const countries = new Set(kinds.flatMap(({ scheme }) => scheme?.region ?? []));
  const count = `${kinds.length} kinds; numbers of ${countries.size} countries.`;
  const table = ['| kind | country | placeholder | checked | alone |', '|---|---|---|---|---|', ...rows];
  return `${[HEAD, count, table.join('\n')].join('\n\n')}\n`;
}

function row({ entity, placeholder, scheme }: PersonalKind): string {
  const { checked, alone } = scheme ? ofScheme(scheme) : ofOwn(entity);
  return `| \`${entity}\` | ${scheme?.region ?? ''} | \`${placeholder}\` | ${checked} | ${alone} |`;
}

function ofScheme({ valid, bare }: NonNullable<PersonalKind['scheme']>) {
  return { checked: valid ? 'yes' : 'shape only', alone: bare ? 'yes' : 'no' };
}

function ofOwn(entity: string) {
  const known = OWN[entity];
  if (!known) throw new Error(`scripts/personal-data-page.ts does not say how ${entity} is recognised`);
  return known;
}

/** Kinds with finders of their own, then international numbers, then by country. */
function sortKey({ entity, scheme }: PersonalKind): string {
  return scheme
    ? `1 ${scheme.region ?? ''} ${entity}`
    : `0 ${String(Object.keys(OWN).indexOf(entity)).padStart(3, '0')}`;
}

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));
