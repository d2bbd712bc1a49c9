import { createAnswerGuard } from '#core/policy/answer-guard.ts';
import type { ExchangeFacts } from '#core/policy/policy.ts';
import { createInputText } from '#core/text/build-views.ts';
import { base32, hmacBytes } from '#core/text/hash.ts';
import { catalogue } from '#policies/catalogue.ts';

/**
 * What the output guard costs a streamed answer: `npm run bench:stream [-- --answers 300]`.
 *
 * Answers are made of ordinary words with an e-mail address, a card number and an IBAN in groups and a long key put in at
 * random places, cut into tokens twice: into 1 to 6 characters, which is harder than any model's tokens, and into words with the
 * space before them (long ones in two), numbers and signs, as the tokenizers of models do it. After each token it is noted how many
 * characters are held back, and for each token how many tokens more had to arrive until all of it was settled. Planted values must be
 * held to their end, so tokens outside them are also counted by themselves. The seed is fixed: two runs differ in time only.
 */

const KINDS = ['pii-detector', 'safety-filter', 'dlp-filter', 'quality-scorer'];
const WORDS = `the report shows that most teams finished their work on time and the next step is to write down what was
learned before anybody forgets it so please read the notes from Monday carefully and tell us which parts need another look or
a better example because a short answer is often more useful than a long one when somebody has 3 minutes between 2 meetings`;
const PLANTED = [
  'maria.keller@mail.example.org',
  '4111 1111 1111 1111',
  'DE89 3704 0044 0532 0130 00',
  ['sk-proj', 'aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3xY5zA7bC9dE1fG3hI5jK7lM9nO1pQ3r'].join('-'),
];

const answers = Number(process.argv[process.argv.indexOf('--answers') + 1]) || 300;
const random = seeded(20_260_701);
interface Figures {
  readonly held: number[];
  readonly delay: number[];
  /** Of tokens outside planted values. */
  readonly ordinary: number[];
  readonly firstByte: number[];
  readonly micros: number[];
  cpu: number;
  leaks: number;
}

const CUTS: readonly (readonly [name: string, cut: (text: string) => string[]])[] = [
  ['tokens of 1 to 6 characters', randomTokens],
  ['tokens as models cut them', modelTokens],
];

console.log(`${answers} answers, chain ${KINDS.join(' > ')}, Node ${process.version}`);
for (const [name, cut] of CUTS) {
  measure(Math.min(answers, 50), cut);
  print(name, measure(answers, cut));
}

function measure(count: number, cut: (text: string) => string[]): Figures {
  const figures: Figures = {
    held: [],
    delay: [],
    ordinary: [],
    firstByte: [],
    micros: [],
    cpu: 0,
    leaks: 0,
  };
  for (let made = 0; made < count; made += 1) stream(cut(makeAnswer()), figures);
  return figures;
}

function stream(tokens: readonly string[], figures: Figures): void {
  const guard = createAnswerGuard({ steps: chain(), catalogue, facts: facts(), now: micros });
  let out = '';
  let first = 0;
  const settled: number[] = [];
  const ends: number[] = [];
  const started = micros();
  const busy = process.threadCpuUsage();
  for (const [index, text] of tokens.entries()) {
    const { released } = guard.push({ choice: 0, kind: 'content', text });
    for (const piece of released) out += piece.text;
    if (out !== '' && first === 0) first = index + 1;
    figures.held.push(guard.heldChars);
    ends.push((ends.at(-1) ?? 0) + text.length);
    settled.push((ends.at(-1) ?? 0) - guard.heldChars);
  }
  figures.micros.push((micros() - started) / tokens.length);
  const { user, system } = process.threadCpuUsage(busy);
  figures.cpu += user + system;
  noteDelays(tokens, ends, settled, figures);
  for (const piece of guard.finish(['stop']).released) out += piece.text;
  figures.firstByte.push(first);
  if (PLANTED.some((secret) => out.includes(secret))) figures.leaks += 1;
}

/** What is open at the end is settled by the end itself, one step later. */
function noteDelays(
  tokens: readonly string[],
  ends: readonly number[],
  settled: readonly number[],
  figures: Figures,
): void {
  let at = 0;
  const planted = plantedIn(tokens.join(''));
  for (const [index, end] of ends.entries()) {
    at = Math.max(at, index);
    while (at < settled.length && (settled[at] ?? 0) < end) at += 1;
    figures.delay.push(at - index);
    const start = end - (tokens[index]?.length ?? 0);
    if (!planted.some((value) => start < value.end && value.start < end)) figures.ordinary.push(at - index);
  }
}

function plantedIn(text: string): { start: number; end: number }[] {
  return PLANTED.map((value) => {
    const start = text.indexOf(value);
    return { start, end: start + value.length };
  });
}

function chain() {
  return KINDS.map((kind) => ({
    kind,
    settings: catalogue.get(kind)?.settings.parse({}),
    mode: 'enforce' as const,
    on_error: 'block' as const,
    timeout_ms: 5_000,
  }));
}

function facts(): ExchangeFacts {
  return {
    probe: false,
    structuredOutput: false,
    model: 'gpt-4o',
    input: createInputText([]),
    pseudonym: (type, canonical) => base32(hmacBytes('bench', `${type}:${canonical}`), 6),
    vault: new Map(),
    sample: 0.5,
    verdicts: new Map(),
  };
}

function makeAnswer(): string {
  const vocabulary = WORDS.split(/\s+/);
  const words = Array.from({ length: 150 }, (_, index) => {
    const word = vocabulary[Math.floor(random() * vocabulary.length)] ?? '';
    return index % 12 === 11 ? `${word}.` : word;
  });
  for (const secret of PLANTED) words.splice(Math.floor(random() * words.length), 0, secret);
  return words.join(' ');
}

function randomTokens(text: string): string[] {
  const tokens: string[] = [];
  for (let at = 0; at < text.length; ) {
    const size = 1 + Math.floor(random() * 6);
    tokens.push(text.slice(at, at + size));
    at += size;
  }
  return tokens;
}

/** A word with the space before it, long ones in pieces; up to three digits; signs. */
function modelTokens(text: string): string[] {
  return text.match(/ ?[A-Za-z]{1,12}|[0-9]{1,3}| ?[^A-Za-z0-9\s]+|\s/g) ?? [];
}

function print(name: string, figures: Figures): void {
  const line = (name: string, figures: number[]) => {
    const shown = [0.5, 0.9, 0.99, 1].map((share) => at(figures, share).toFixed(1));
    console.log(`| ${name} | ${shown.join(' | ')} |`);
  };
  console.log(`\n| ${name} (${figures.held.length}) | median | p90 | p99 | max |\n|---|---|---|---|---|`);
  line('held back, characters', figures.held);
  line('delay of a token, tokens', figures.delay);
  line('delay of a token outside planted values', figures.ordinary);
  line('first text after, tokens', figures.firstByte);
  line('guard per token, µs', figures.micros);
  const soon = figures.ordinary.filter((tokens) => tokens <= 1).length / figures.ordinary.length;
  console.log(
    `\noutside planted values ${(100 * soon).toFixed(1)} % of the tokens wait for one more at most`,
  );
  console.log(`processor time: ${(figures.cpu / figures.held.length).toFixed(1)} µs per token`);
  console.log(`planted secrets let out in ${figures.leaks} answers`);
  if (figures.leaks > 0) process.exitCode = 1;
}

function at(figures: number[], share: number): number {
  const sorted = figures.sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

function micros(): number {
  return performance.now() * 1000;
}

/** A linear congruential generator: every run sees the same answers. Its high bits are random enough for word lists. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
