import { catalogue } from '#policies/catalogue.ts';
import { factsOf, inputOf } from '../../test/policies/exchange.ts';
import { count, type Figure, type Group } from './figure.ts';
import { type Row, readRows } from './rows.ts';

interface Pair {
  readonly question: string;
  readonly answer: string;
}

/** Share of an answer that is left when it is cut. */
const CUT = 0.6;
const OTHER = 97;

/**
 * Answers that people preferred, as they are and spoilt in known ways. Nothing here was learnt from data. A score below the default
 * threshold is what a pack acts on; the others only name the defect.
 */
export function measureQuality(data: string): Group {
  const pairs = preferred(data);
  const below = (name: string, bound: Figure['bound'], spoil: (pair: Pair) => [string, string?]) =>
    count(
      name,
      pairs,
      (pair) => {
        const [text, reason] = spoil(pair);
        return judge(pair.question, text, reason).action !== 'allow';
      },
      { bound },
    );
  const named = (rule: string, name: string, spoil: (pair: Pair, i: number) => string) => {
    const spoilt = pairs.map((pair, i) => ({ question: pair.question, answer: spoil(pair, i) }));
    const names = ({ question, answer }: Pair) =>
      judge(question, answer).findings.some((finding) => finding.rule === rule);
    return count(name, spoilt, names, { bound: 'least' });
  };
  return {
    title: 'Quality: visible defects of answers',
    figures: [
      below('answers people preferred, below the threshold', 'most', ({ answer }) => [answer]),
      below('the same, cut off by the token limit', 'least', ({ answer }) => [cut(answer), 'length']),
      below('the same, their beginning eight times', 'least', ({ answer }) => [
        `${answer.slice(0, 120)} `.repeat(8),
      ]),
      below('the question instead of an answer', 'least', ({ question }) => [question]),
      named('quality.unfinished', 'cut off without a sign: named', ({ answer }) => cut(answer)),
      named(
        'quality.off_topic',
        'the answer to another question: named',
        (_, i) => pairs[(i + OTHER) % pairs.length]?.answer ?? '',
      ),
    ],
  };
}

const cut = (answer: string) => answer.slice(0, Math.floor(CUT * answer.length));

/** Pairs of a question and the answer most people preferred; the few preferred answers without any text are left out. */
function preferred(data: string): Pair[] {
  const rows = ['quality/llmbar', 'quality/pandalm_human'].flatMap((set) => readRows(data, set));
  return rows.flatMap((row) => {
    const answer = text(row, `output_${Number(row['better'] ?? row['majority'])}`);
    return answer.trim() === '' ? [] : [{ question: text(row, 'input'), answer }];
  });
}

function text(row: Row, column: string): string {
  const value = row[column];
  return typeof value === 'string' ? value : '';
}

function judge(question: string, answer: string, finishReason = 'stop') {
  const policy = catalogue.get('quality-scorer');
  const part = policy?.output?.(policy.settings.parse({}), factsOf(inputOf(question)));
  const fields = [{ choice: 0, kind: 'content', text: answer }] as const;
  const verdict = part?.judge?.({ fields, finishReasons: [finishReason] });
  if (!verdict) throw new Error('quality-scorer judges no answers');
  return verdict;
}
