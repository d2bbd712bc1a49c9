import { CommonSettings } from '#core/pack/file-schema.ts';
import type { Catalogue, Policy, StreamNeed } from '#core/policy/policy.ts';
import { longChoices } from './long-choices.ts';
import { type SettingRow, settingRows } from './setting-rows.ts';
import { streamNeeds } from './stream-needs.ts';

const NEEDS: Readonly<Record<StreamNeed, string>> = {
  none: 'nothing is held back',
  window: 'the last characters, as many as the formats it looks for need',
  sentence: 'the unfinished sentence',
  whole: 'the whole answer: nothing is sent before it is judged',
};

const HEAD = [
  '<!-- Made by "node scripts/make-docs.ts" from the settings schemas of policies/. Do not edit. -->',
  '# Policies',
  'Every call passes the policies of `policies.chain` in order. Their settings stand under `policy.<kind>` of a pack, and\n' +
    '`kt policy lint` refuses what is not on this page. An answer that is not streamed is\n' +
    'judged by the same rules. What the detectors find and what they miss is measured in [detection.md](detection.md).',
].join('\n\n');

const COMMON = `## Settings of every policy

A policy may have a setting of the same name as one of these; then the value decides which one is meant.`;

/** docs/policies.md: each kind with its phases, what it needs of a stream and its settings. */
export function policyPage(catalogue: Catalogue): string {
  const kinds = [...catalogue.values()];
  const index = ['| kind | phases | what it does |', '|---|---|---|', ...kinds.map(indexRow)].join('\n');
  return `${[HEAD, index, COMMON, settingsTable(settingRows(CommonSettings)), ...kinds.map(section)].join('\n\n')}\n`;
}

/** Pages that say more about a kind. */
const MORE: Readonly<Record<string, string>> = {
  'pii-detector': 'The kinds of personal data it knows: [personal-data.md](personal-data.md).',
  'dlp-filter': 'The kinds of secrets it knows: [secrets.md](secrets.md).',
};

function indexRow({ kind, phases, summary }: Policy): string {
  return `| [\`${kind}\`](#${kind}) | ${phases.join(', ')} | ${summary} |`;
}

function section(policy: Policy): string {
  const { kind, phases, summary, settings } = policy;
  return [
    `## ${kind}`,
    [`${summary}.`, MORE[kind] ?? ''].join(' ').trim(),
    [`- Phases: ${phases.join(', ')}`, ...streamLines(policy)].join('\n'),
    settingsTable(settingRows(settings)),
    ...longChoices(settings),
  ].join('\n\n');
}

/** Only answers are streamed. */
function streamLines(policy: Policy): string[] {
  if (!policy.phases.includes('output')) return [];
  const { byDefault, changes } = streamNeeds(policy);
  const byNeed = Map.groupBy(changes, ({ need }) => need);
  return [
    `- Of a stream it needs: ${NEEDS[byDefault]}`,
    ...[...byNeed].map(([need, list]) => {
      const settings = list.map(({ setting }) => `\`${setting}\``);
      return `  - with ${[...new Set(settings)].join(', ')}: ${NEEDS[need]}`;
    }),
  ];
}

function settingsTable(rows: readonly SettingRow[]): string {
  return [
    '| setting | type | default | |',
    '|---|---|---|---|',
    ...rows.map(
      ({ name, type, default: preset, description }) =>
        `| \`${name}\` | ${cell(type)} | ${cell(preset)} | ${cell(description)} |`,
    ),
  ].join('\n');
}

/** Text that stays inside its cell. */
function cell(text: string): string {
  return text
    .replaceAll('*', '\\*')
    .replaceAll('|', '\\|')
    .replaceAll('\n', ' ')
    .replace(/<([a-z_A-Z0-9]+)>/g, '`<$1>`');
}
