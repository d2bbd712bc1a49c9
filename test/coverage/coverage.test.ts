import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { MODEL_ROUTES } from '#gateway/model-routes/catalogue.ts';
import type { TestGateway } from '../support/gateway.ts';
import { writeDocument } from './document.ts';
import { GUARDS, type Guard } from './guards.ts';
import { guardedBy, receiveAnswer, sendRequest } from './matrix.ts';
import { REQUEST_PARTS, type RequestPart } from './request-parts.ts';
import { COVERED, type CoveredRoute } from './routes.ts';

const FILE = 'docs/coverage.md';
const CHAT = '/chat/completions';
const TIME = 120_000;
/** Says nothing to any of the policies, in the form the part needs. */
const HARMLESS = 'the weather is fine today';
const HARMLESS_NUMBER = '12345678';

/** Every place of every route: its cells, by policy. */
const REQUESTS = COVERED.flatMap((route) =>
  route.requests.map((part) => ({ route, path: route.path, part, name: part.name })),
);
const ANSWERS = COVERED.flatMap((route) =>
  route.relayed.map((part) => ({ route, path: route.path, part, name: part.name })),
);
const HIDDEN = COVERED.flatMap((route) =>
  route.notRelayed.map((part) => ({ route, path: route.path, part, name: part.name })),
);
type Request = (typeof REQUESTS)[number];
type Answer = (typeof ANSWERS)[number];

const requests = new Map(REQUESTS.map(({ part }) => [part, new Map<string, string>()]));
const answers = new Map(ANSWERS.map((one) => [one, new Map<string, string>()]));

let gateway: TestGateway;
const open = (guard: Pick<Guard, 'kind' | 'settings'>) => {
  beforeAll(async () => {
    gateway = await guardedBy(guard);
  });
  afterAll(() => gateway.close());
};

describe('without a policy that acts', () => {
  open({ kind: 'audit-logger', settings: {} });

  test.each(REQUESTS)('$path: a text in the $name reaches the provider', async ({ path, part }) => {
    const text = harmless(part);
    expect(await sendRequest(gateway, path, part.plant(text), part.shown?.(text) ?? text)).toBe('arrives');
  });

  test.each(ANSWERS)(
    '$path: a text in the $name of an answer reaches the client',
    async ({ route, part }) => {
      for (const stream of waysOf(route)) {
        const positive = { text: HARMLESS, core: HARMLESS };
        expect(await receiveAnswer(gateway, route, part, positive, 1, stream)).toBe('arrives');
      }
    },
  );

  test.each(HIDDEN)(
    '$path: a text in the $name of an answer never reaches the client',
    async ({ route, part }) => {
      for (const stream of waysOf(route)) {
        const positive = { text: HARMLESS, core: HARMLESS };
        const choices = Math.min(2, route.choices.length);
        expect(await receiveAnswer(gateway, route, part, positive, choices, stream)).toBe('redacted');
      }
    },
  );
});

describe.each(GUARDS)('$kind', (guard) => {
  open(guard);

  test.each(REQUESTS)('$path: guards the $name of a request', async (place) => {
    const cell = await requestCell(guard, place);
    requests.get(place.part)?.set(guard.kind, cell);
    expect(cell).not.toMatch(/UNGUARDED|arrives/);
  });

  test.each(ANSWERS)(
    '$path: guards the $name of an answer',
    async (place) => {
      const cell = await answerCell(guard, place);
      answers.get(place)?.set(guard.kind, cell);
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
    expect(await sendRequest(own, CHAT, image?.plant(HARMLESS) ?? {}, btoa(HARMLESS))).toBe(outcome);
    expect(own.events.at(-1)?.unscanned_parts).toEqual(['messages[0].content[0] image_url']);
    await own.close();
  });
});

test('every route that calls a model is covered', () => {
  expect(COVERED.map(({ path }) => path).sort()).toEqual(MODEL_ROUTES.map(({ path }) => path).sort());
});

test(`${FILE} says what was measured`, () => {
  const document = writeDocument(
    COVERED.map(({ path, ...route }) => ({
      path,
      requests: new Map(route.requests.map((part) => [part.name, requests.get(part) ?? new Map()])),
      answers: new Map(
        ANSWERS.filter((one) => one.path === path).map((one) => [one.name, answers.get(one) ?? new Map()]),
      ),
      notRelayed: route.notRelayed.map(({ name }) => name),
    })),
  );
  if (process.env['KT_WRITE_COVERAGE']) writeFileSync(FILE, document);
  expect(readFileSync(FILE, 'utf8')).toBe(document);
});

async function requestCell(guard: Guard, { route, path, part }: Request): Promise<string> {
  if (typeof guard.request === 'string') return `– ${guard.request}`;
  const exempt = guard.exempt.request?.[part.name];
  if (exempt !== undefined) return `– ${exempt}`;
  if (guard.kind === 'audit-logger') return recordedRequest(path, part);

  // A part whose harmless text is stopped too would prove nothing.
  expect(await sendRequest(gateway, path, part.plant(harmless(part)), harmless(part))).toBe('arrives');
  const outcomes = new Set<string>();
  for (const { text, core } of guard.request.filter(fits(part))) {
    for (const stream of waysOf(route)) {
      const asked = { ...part.plant(text), ...(stream ? { stream } : {}) };
      outcomes.add(await sendRequest(gateway, path, asked, core));
    }
  }
  return [...outcomes].sort().join(' or ');
}

async function answerCell(guard: Guard, { route, part }: Answer): Promise<string> {
  if (typeof guard.answer === 'string') return `– ${guard.answer}`;
  const exempt = guard.exempt.answer?.[part.name];
  if (exempt !== undefined) return `– ${exempt}`;

  const outcomes = new Set<string>();
  for (const positive of guard.answer) {
    for (const stream of waysOf(route)) {
      for (const choices of route.choices) {
        const outcome = await receiveAnswer(gateway, route, part, positive, choices, stream);
        outcomes.add(guard.kind === 'audit-logger' && outcome === 'arrives' ? 'recorded' : outcome);
      }
    }
  }
  return [...outcomes].sort().join(' or ');
}

/** `stream: false`, and `true` where there is such a thing. */
function waysOf({ streams }: CoveredRoute): boolean[] {
  return streams ? [false, true] : [false];
}

/** The audit record counts what it does not repeat. */
async function recordedRequest(path: string, part: RequestPart): Promise<string> {
  const counts = [];
  for (const text of ['short text', `${'a longer text '.repeat(20)}`]) {
    await sendRequest(gateway, path, part.plant(text), text);
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
