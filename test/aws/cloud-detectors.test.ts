import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cloudDetectors } from '#aws/cloud-detectors.ts';
import type { GuardrailQuestion } from '#core/policy/remote.ts';
import { toDocuments } from '#core/policy/remote-documents.ts';
import type { CloudDetectors } from '#core/ports.ts';
import { type DetectorServer, guardrailSays, knows, send, startDetectors } from '../support/detectors.ts';

let server: DetectorServer;
let cloud: CloudDetectors;
const before = { ...process.env };

beforeAll(async () => {
  Object.assign(process.env, {
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'not-a-secret',
  });
  server = await startDetectors(knows({}));
  cloud = cloudDetectors(server.url);
});
afterAll(async () => {
  process.env = before;
  await server.close();
});

const never = new AbortController().signal;
const guardrail = (texts: string[]): GuardrailQuestion => ({
  detector: 'bedrock-guardrail',
  id: 'gr4zk2v8hq1d',
  version: '3',
  source: 'INPUT',
  texts,
});

describe('Comprehend', () => {
  const ask = (texts: string[], language: 'en' | 'es' = 'en') =>
    cloud.ask({ detector: 'comprehend', language, texts }, never);

  test('is sent the texts in one call, with the language', async () => {
    server.calls.length = 0;
    await ask(['Soy Ana.', 'Vivo en Madrid.'], 'es');

    expect(server.calls).toHaveLength(1);
    expect(server.calls[0]?.headers['x-amz-target']).toBe('Comprehend_20171127.DetectPiiEntities');
    expect(server.calls[0]?.body).toEqual({ Text: 'Soy Ana.\n\nVivo en Madrid.', LanguageCode: 'es' });
  });

  test('counts in code points; a name behind emoji is found where it stands', async () => {
    server.answer(knows({ 'Jane Roe': 'NAME', Łódź: 'ADDRESS' }));
    const texts = ['👩‍💻🎉 hello Jane Roe 🎉', '🏳️‍🌈 near Łódź and Jane Roe'];
    const { findings, scanned } = await ask(texts);

    const said = findings.map(({ label, text, start, end }) => [label, texts[text]?.slice(start, end)]);
    expect(said.sort()).toEqual([
      ['ADDRESS', 'Łódź'],
      ['NAME', 'Jane Roe'],
      ['NAME', 'Jane Roe'],
    ]);
    expect(scanned).toBe(texts.join('').length);
  });

  test('gets a long text in pieces of less than 100 KB, and what lies across a cut is found', async () => {
    server.calls.length = 0;
    server.answer(knows({ 'Jane Roe': 'NAME' }));
    const text = `${'語'.repeat(32_996)}Jane Roe${'語'.repeat(40_000)}`;
    const { findings } = await ask([text]);

    expect(server.calls.length).toBeGreaterThan(1);
    for (const call of server.calls) expect(Buffer.byteLength(call.text)).toBeLessThan(100_000);
    expect(findings.map(({ start, end }) => text.slice(start, end))).toContain('Jane Roe');
  });

  test.each([
    [400, 'TextSizeLimitExceededException', false],
    [400, 'AccessDeniedException', true],
    [400, 'UnrecognizedClientException', true],
    [403, 'AccessDeniedException', true],
    [500, 'InternalServerException', false],
    [429, 'ThrottlingException', false],
  ])('status %s %s is told without a word of the text', async (status, type, refused) => {
    server.answer((_, response) => send(response, status, { message: 'about Jane Roe' }, type));
    const failure = await ask(['Jane Roe']).catch((error: unknown) => error);

    expect(failure).toMatchObject({ name: 'RemoteFailure', refused });
    expect(String(failure)).not.toContain('Jane');
  });

  test('an answer that is no list of entities is a failure', async () => {
    server.answer((_, response) => send(response, 200, { Entities: 'none' }));
    await expect(ask(['x'])).rejects.toMatchObject({ name: 'RemoteFailure', refused: false });
  });

  test('is stopped by the signal', async () => {
    server.answer(() => undefined);
    const asked = cloud.ask(
      { detector: 'comprehend', language: 'en', texts: ['x'] },
      AbortSignal.timeout(50),
    );
    await expect(asked).rejects.toMatchObject({ name: 'RemoteFailure' });
  });
});

describe('a guardrail', () => {
  test('is asked by id, version and source', async () => {
    server.calls.length = 0;
    server.answer((_, response) => send(response, 200, guardrailSays([])));
    const { findings } = await cloud.ask(guardrail(['hello']), never);

    expect(findings).toEqual([]);
    expect(server.calls[0]?.path).toBe('/guardrail/gr4zk2v8hq1d/version/3/apply');
    expect(server.calls[0]?.body).toMatchObject({ source: 'INPUT', content: [{ text: { text: 'hello' } }] });
  });

  test('says prompt attacks, topics, words and personal data, each with its place where it has one', async () => {
    server.answer((_, response) =>
      send(
        response,
        200,
        guardrailSays([
          {
            contentPolicy: {
              filters: [
                { type: 'PROMPT_ATTACK', confidence: 'MEDIUM', action: 'BLOCKED', detected: true },
                { type: 'HATE', confidence: 'LOW', action: 'NONE', detected: false },
              ],
            },
            topicPolicy: {
              topics: [{ name: 'Tax advice', type: 'DENY', action: 'BLOCKED', detected: true }],
            },
            wordPolicy: {
              customWords: [],
              managedWordLists: [{ match: 'x', type: 'PROFANITY', action: 'BLOCKED' }],
            },
            sensitiveInformationPolicy: {
              piiEntities: [{ match: 'Jane Roe', type: 'NAME', action: 'ANONYMIZED', detected: true }],
              regexes: [],
            },
          },
        ]),
      ),
    );
    const texts = ['I am Jane Roe.', 'Jane Roe again'];
    const { findings } = await cloud.ask(guardrail(texts), never);

    expect(findings.map(({ label, score }) => [label, score])).toEqual([
      ['content.PROMPT_ATTACK', 0.67],
      ['topic.Tax advice', 1],
      ['word.PROFANITY', 1],
      ['pii.NAME', 1],
      ['pii.NAME', 1],
    ]);
    const places = findings.filter(({ label }) => label === 'pii.NAME');
    expect(places.map(({ text, start, end }) => texts[text]?.slice(start, end))).toEqual([
      'Jane Roe',
      'Jane Roe',
    ]);
  });

  test('that intervenes for a reason nobody here can read still counts', async () => {
    const said = { ...guardrailSays([{ automatedReasoningPolicy: { findings: [] } }]) };
    server.answer((_, response) => send(response, 200, said));
    const { findings } = await cloud.ask(guardrail(['hello']), never);

    expect(findings).toMatchObject([{ label: 'other', score: 1 }]);
  });

  test('that is not there refuses', async () => {
    server.answer((_, response) => send(response, 404, { message: 'no' }, 'ResourceNotFoundException'));
    await expect(cloud.ask(guardrail(['x']), never)).rejects.toMatchObject({ refused: true });
  });

  test('that answers garbage fails', async () => {
    server.answer((_, response) => send(response, 200, { hello: 'there' }));
    await expect(cloud.ask(guardrail(['x']), never)).rejects.toMatchObject({ refused: false });
  });
});

test('texts in documents lose nothing, never break a letter, and keep to the limit', () => {
  const texts = fc.array(fc.string({ unit: 'binary', maxLength: 60 }), { maxLength: 12 });
  fc.assert(
    fc.property(texts, fc.integer({ min: 8, max: 40 }), (given, limit) => {
      const documents = toDocuments(given, limit);
      const seen = given.map((text) => new Array<boolean>(text.length).fill(false));
      for (const { text, pieces } of documents) {
        expect(text.length).toBeLessThanOrEqual(limit);
        expect(text.isWellFormed()).toBe(true);
        for (const piece of pieces) {
          const own = given[piece.text]?.slice(piece.from, piece.from + piece.length);
          expect(text.slice(piece.at, piece.at + piece.length)).toBe(own);
          seen[piece.text]?.fill(true, piece.from, piece.from + piece.length);
        }
      }
      expect(seen.flat().every(Boolean)).toBe(true);
    }),
  );
});
