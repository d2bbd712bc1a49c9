import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TestGateway } from '../support/gateway.ts';
import { type AnswerPart, NOT_RELAYED, RELAYED } from './answer-parts.ts';
import { writeDocument } from './document.ts';
import { GUARDS, type Guard } from './guards.ts';
import { guardedBy, receiveAnswer, sendRequest } from './matrix.ts';
import { REQUEST_PARTS, type RequestPart } from './request-parts.ts';

const FILE = 'docs/coverage.md';
const TIME = 120_000;
/** Says nothing to any of the policies, in the form the part needs. */
const HARMLESS = 'the weather is fine today';
const HARMLESS_NUMBER = '12345678';

const requests = new Map<string, Map<string, string>>(REQUEST_PARTS.map(({ name }) => [name, new Map()]));
const answers = new Map<string, Map<string, string>>(RELAYED.map(({ name }) => [name, new Map()]));

let gateway: TestGateway;
const open = (guard: Pick<Guard, 'kind' | 'settings'>) => {
  beforeAll(async () => {
    gateway = await guardedBy(guard);
  });
  afterAll(() => gateway.close());
};

describe('without a policy that acts', () => {
  open({ kind: 'audit-logger', settings: {} });

  test.each(REQUEST_PARTS)('a text in the $name reaches the provider', async (part) => {
    const text = harmless(part);
    expect(await sendRequest(gateway, part.plant(text), part.shown?.(text) ?? text)).toBe('arrives');
  });

  test.each(RELAYED)('a text in the $name of an answer reaches the client', async (part) => {
    for (const stream of [false, true]) {
      const positive = { text: HARMLESS, core: HARMLESS };
      expect(await receiveAnswer(gateway, part, positive, 1, stream)).toBe('arrives');
    }
  });

  test.each(NOT_RELAYED)('a text in the $name of an answer never reaches the client', async (part) => {
    for (const stream of [false, true]) {
      const positive = { text: HARMLESS, core: HARMLESS };
      expect(await receiveAnswer(gateway, part, positive, 2, stream)).toBe('redacted');
    }
  });
});

describe.each(GUARDS)('$kind', (guard) => {
  open(guard);

  test.each(REQUEST_PARTS)('guards the $name of a request', async (part) => {
    const cell = await requestCell(guard, part);
    requests.get(part.name)?.set(guard.kind, cell);
    expect(cell).not.toMatch(/UNGUARDED|arrives/);
  });

  test.each(RELAYED)(
    'guards the $name of an answer',
    async (part) => {
      const cell = await answerCell(guard, part);
      answers.get(part.name)?.set(guard.kind, cell);
      expect(cell).not.toMatch(/UNGUARDED|arrives/);
    },
    TIME,
  );
});

describe('an image', () => {
  const image = REQUEST_PARTS.find(({ name }) => name === 'image data');

  test.each([
    ['pass', 'arrives'],
    ['block', 'blocked'],
  ] as const)('is named on the event and with unscanned_parts: %s %s', async (setting, outcome) => {
    const own = await guardedBy({ kind: 'dlp-filter', settings: {} }, { unscanned_parts: setting });
    expect(await sendRequest(own, image?.plant(HARMLESS) ?? {}, btoa(HARMLESS))).toBe(outcome);
    expect(own.events.at(-1)?.unscanned_parts).toEqual(['messages[0].content[0] image_url']);
    await own.close();
  });
});

test(`${FILE} says what was measured`, () => {
  const document = writeDocument(
    requests,
    answers,
    NOT_RELAYED.map(({ name }) => name),
  );
  if (process.env['KT_WRITE_COVERAGE']) writeFileSync(FILE, document);
  expect(readFileSync(FILE, 'utf8')).toBe(document);
});

async function requestCell(guard: Guard, part: RequestPart): Promise<string> {
  if (typeof guard.request === 'string') return `– ${guard.request}`;
  const exempt = guard.exempt.request?.[part.name];
  if (exempt !== undefined) return `– ${exempt}`;
  if (guard.kind === 'audit-logger') return recordedRequest(part);

  // A part whose harmless text is stopped too would prove nothing.
  expect(await sendRequest(gateway, part.plant(harmless(part)), harmless(part))).toBe('arrives');
  const outcomes = new Set<string>();
  for (const { text, core } of guard.request.filter(fits(part))) {
    for (const stream of [false, true]) {
      outcomes.add(await sendRequest(gateway, { ...part.plant(text), stream }, core));
    }
  }
  return [...outcomes].sort().join(' or ');
}

async function answerCell(guard: Guard, part: AnswerPart): Promise<string> {
  if (typeof guard.answer === 'string') return `– ${guard.answer}`;
  const exempt = guard.exempt.answer?.[part.name];
  if (exempt !== undefined) return `– ${exempt}`;

  const outcomes = new Set<string>();
  for (const positive of guard.answer) {
    for (const stream of [false, true]) {
      for (const choices of [1, 2, 3, 4]) {
        const outcome = await receiveAnswer(gateway, part, positive, choices, stream);
        outcomes.add(guard.kind === 'audit-logger' && outcome === 'arrives' ? 'recorded' : outcome);
      }
    }
  }
  return [...outcomes].sort().join(' or ');
}

/** The audit record counts what it does not repeat. */
async function recordedRequest(part: RequestPart): Promise<string> {
  const counts = [];
  for (const text of ['short text', `${'a longer text '.repeat(20)}`]) {
    await sendRequest(gateway, part.plant(text), text);
    counts.push(gateway.events.at(-1)?.policies[0]?.chars_seen ?? 0);
  }
  return (counts[1] ?? 0) - (counts[0] ?? 0) >= 270 ? 'recorded' : 'UNGUARDED';
}

function harmless({ name }: RequestPart): string {
  return name === 'number' ? HARMLESS_NUMBER : HARMLESS;
}

/** Only a number can stand where numbers stand. */
function fits({ name }: RequestPart): (positive: { text: string }) => boolean {
  return ({ text }) => name !== 'number' || /^\d+$/.test(text);
}
