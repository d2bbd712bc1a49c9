import { createWeigh } from '#policies/prompt-injection/weigh.ts';
import { MODEL } from '#policies/prompt-injection/weights.ts';
import { ATTACK_SETS, type Document, readDocuments } from '../../scripts/injection/documents.ts';
import { toModel, train } from '../../scripts/injection/train.ts';
import { count, type Figure, type Group } from './figure.ts';

const IN_THE_WILD = ATTACK_SETS.slice(0, 3);

/**
 * What is found of an attack set when the model has seen nothing of it and nothing like it: trained once more without the set and its
 * near duplicates, with the committed thresholds. All rows of the set are unseen then, so all are counted.
 */
export function measureLeaveOut(data: string): Group {
  const documents = readDocuments(data);
  const figures = [IN_THE_WILD, ...ATTACK_SETS.slice(2).map((set) => [set])].map((sets) =>
    withoutSets(documents, sets),
  );
  return { title: 'Prompt attacks found when their whole set is kept from the training', figures };
}

function withoutSets(documents: readonly Document[], sets: readonly string[]): Figure {
  const left = documents.filter(({ set, attack }) => attack && sets.includes(set));
  const clusters = new Set(left.map(({ cluster }) => cluster));
  const others = documents.filter(
    ({ part, set, cluster }) => part === 'train' && !sets.includes(set) && !clusters.has(cluster),
  );
  const weigh = createWeigh(toModel(train(others), MODEL.thresholds));
  const name = sets.map((set) => set.slice('prompt_attack/'.length)).join(', ');
  const isFound = ({ text }: Document) =>
    weigh(text, { sensitivity: 'balanced', untrusted: false }) !== undefined;
  return count(name, left, isFound, { bound: 'least' });
}
