import type { ExchangeFacts, WholeAnswer } from '#core/policy/policy.ts';
import { wordsOf, wordsOverlap } from './words.ts';

/** A visible defect of an answer and how much of the score it costs. */
export interface Defect {
  readonly rule: string;
  readonly cost: number;
}

const MANY_WORDS = 60;
const SOME_WORDS = 24;
/** Share of distinct word triples under which a text goes round in circles; a short one must do so more plainly. */
const LOOP_SHARE = 0.45;
const SHORT_LOOP_SHARE = 0.4;
/** Content words that question and answer need before their overlap means anything. */
const TOPIC_WORDS = 6;

const REFUSAL =
  /^(?:i(?:'m| am) (?:really |very |so )?sorry,? but|i(?:'m| am) (?:unable|not able) to|i can(?:'t|not|'t) (?:help|assist|do|provide|comply)|sorry,? (?:but )?i can|as an ai(?: language model)?,? i)/i;
const TEMPLATE =
  /\{\{[^{}\n]{0,60}\}\}|<\|[a-z_]{2,20}\|>|\[(?:insert|your|enter) [a-z ]{2,30}\]|lorem ipsum/i;

/** Everything about an answer that can be seen without understanding it. */
export function findDefects(text: string, answer: WholeAnswer, facts: ExchangeFacts): Defect[] {
  const trimmed = text.trim();
  if (trimmed === '') return [{ rule: 'quality.empty', cost: 1 }];
  const question = lastQuestion(facts);
  const checks: [string, number, boolean][] = [
    ['quality.truncated', 0.5, answer.finishReasons.includes('length')],
    ['quality.unfinished', 0.2, !facts.structuredOutput && isUnfinished(trimmed)],
    ['quality.loop', 0.7, isLooping(trimmed)],
    ['quality.refusal', 0.3, REFUSAL.test(trimmed)],
    ['quality.template', 0.3, !facts.structuredOutput && TEMPLATE.test(trimmed)],
    ['quality.format', 0.8, facts.structuredOutput && !isJson(trimmed)],
    ['quality.echo', 0.7, question.length > 40 && trimmed.toLowerCase() === question.trim().toLowerCase()],
    ['quality.off_topic', 0.3, !facts.structuredOutput && isOffTopic(question, trimmed)],
  ];
  return checks.flatMap(([rule, cost, found]) => (found ? [{ rule, cost }] : []));
}

function lastQuestion({ input }: ExchangeFacts): string {
  const asked = input.leaves.filter((leaf) => leaf.role === 'user' && leaf.isNew);
  return asked.map((leaf) => leaf.text).join('\n');
}

/** A longer text that stops in mid-sentence. Lists, code and tables may end anywhere. */
function isUnfinished(text: string): boolean {
  const lastLine = text.slice(text.lastIndexOf('\n') + 1).trim();
  if (text.length < 120 || lastLine.length < 40 || /^(?:[-*|#>`]|\d+[.)])/.test(lastLine)) return false;
  const lastWord = lastLine.slice(lastLine.lastIndexOf(' ') + 1);
  return /[\p{L},;]$/u.test(lastLine) && !/[/@.\d]/.test(lastWord);
}

function isLooping(text: string): boolean {
  const words = wordsOf(text);
  if (words.length < SOME_WORDS) return isOneLine(text);
  const triples = new Set(words.slice(2).map((word, i) => `${words[i]} ${words[i + 1]} ${word}`));
  const share = triples.size / (words.length - 2);
  return share < (words.length < MANY_WORDS ? SHORT_LOOP_SHARE : LOOP_SHARE) || isOneLine(text);
}

/** The same line again and again, in a text too short for triples. */
function isOneLine(text: string): boolean {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.length > 8);
  return lines.length >= 5 && new Set(lines).size === 1;
}

function isOffTopic(question: string, text: string): boolean {
  const asked = wordsOf(question.slice(-4000), true);
  const told = wordsOf(text, true);
  if (asked.length < TOPIC_WORDS || told.length < TOPIC_WORDS * 2) return false;
  return !wordsOverlap(asked, told);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
