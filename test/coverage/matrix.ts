import type { LedgerEvent } from '#core/ledger/event.ts';
import { reviewBench } from '../review/memory-desk.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { json, type Script, says, streamChunks, USAGE } from '../support/upstream.ts';
import type { AnswerPart } from './answer-parts.ts';
import type { Guard, Positive } from './guards.ts';
import { reaches } from './reach.ts';
import type { CoveredRoute } from './routes.ts';

/** What happened to a planted text. */
export type Outcome = 'blocked' | 'redacted' | 'held' | 'refused' | 'arrives' | 'UNGUARDED';

/** A gateway whose chain is this one policy. */
export function guardedBy(
  { kind, settings }: Pick<Guard, 'kind' | 'settings'>,
  more: object = {},
): Promise<TestGateway> {
  const { ports } = reviewBench();
  const pack = {
    pack: { name: 'coverage', version: '1.0' },
    providers: [{ name: 'openai', model: 'gpt-4o', secret_key_ref: { env: 'OPENAI_API_KEY' } }],
    policies: { chain: [kind] },
    policy: { [kind]: settings },
    on_block: 'error',
    ...more,
  };
  // JSON is YAML.
  return startGateway({ pack: JSON.stringify(pack), ports: { reviews: ports.desk, flow: ports.flow } });
}

/** Sends a request and says what of the text the provider received. */
export async function sendRequest(
  gateway: TestGateway,
  path: string,
  body: Record<string, unknown>,
  core: string,
): Promise<Outcome> {
  gateway.upstream.answer(answersAnything);
  const calls = gateway.upstream.calls.length;
  const { shown, event } = await exchange(gateway, path, body);
  const received = gateway.upstream.calls.slice(calls);
  if (reaches(shown, core) || recordHolds(gateway, event, core)) return 'UNGUARDED';
  if (received.some(({ text }) => reaches(text, core))) return 'arrives';
  return wordFor(event, received.length > 0);
}

/** Lets the provider answer with the text in one place and says what of it the client received. */
export async function receiveAnswer(
  gateway: TestGateway,
  route: CoveredRoute,
  part: AnswerPart,
  { text, core }: Positive,
  choices: number,
  stream: boolean,
): Promise<Outcome> {
  const { body } = part;
  if (body) gateway.upstream.answer((_call, response) => json(response, 200, body(text)));
  else if (stream) answerStreamed(gateway, part, text, choices);
  else answerWhole(gateway, part, text, choices);
  const asked = {
    model: 'gpt-4o',
    ...route.ask(part),
    ...(route.streams ? { stream } : {}),
    ...(choices > 1 ? { n: choices } : {}),
  };
  const { shown, event } = await exchange(gateway, route.path, asked);
  if (recordHolds(gateway, event, core)) return 'UNGUARDED';
  return reaches(shown, core) ? 'arrives' : wordFor(event, true);
}

/** A provider that answers each route with something harmless. */
const answersAnything: Script = (call, response) => {
  if (call.url.includes('completions')) return says('Fine, thank you.')(call, response);
  if (call.url.includes('speech')) {
    response.writeHead(200, { 'content-type': 'audio/mpeg' });
    response.end('ID3');
    return;
  }
  const { input } = call.body;
  const data = (Array.isArray(input) ? input : [0]).map((_, index) => ({ index, embedding: [1] }));
  const results = [{ index: 0, relevance_score: 1, flagged: false }];
  json(response, 200, { text: 'Fine, thank you.', data, results });
};

async function exchange(gateway: TestGateway, path: string, body: Record<string, unknown>) {
  const before = gateway.events.length;
  const response =
    path === '/audio/transcriptions' ? postForm(gateway, path, body) : gateway.post(body, {}, path);
  const shown = await (await response).text();
  const event = (await gateway.stored(before + 1))[before];
  if (!event) throw new Error('the exchange left no event');
  return { shown, event };
}

function postForm(
  { url, apiKey }: TestGateway,
  path: string,
  body: Record<string, unknown>,
): Promise<Response> {
  const { file = 'audio', ...fields } = body;
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, String(value));
  form.append('file', new Blob([String(file)]), 'a.mp3');
  return fetch(`${url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}` },
    body: form,
  });
}

/** The record of an exchange never repeats what was said in it. */
function recordHolds(gateway: TestGateway, event: LedgerEvent, core: string): boolean {
  return reaches(JSON.stringify([event, gateway.lines.splice(0)]), core);
}

function wordFor({ verdict, type }: LedgerEvent, called: boolean): Outcome {
  if (verdict === 'escalated') return 'held';
  if (verdict === 'blocked') return 'blocked';
  if (type === 'request.refused' && !called) return 'refused';
  return 'redacted';
}

function answerWhole({ upstream }: TestGateway, part: AnswerPart, text: string, count: number): void {
  const { choice, answer } = part.around?.(text) ?? {};
  const choices = Array.from({ length: count }, (_, index) => {
    const message = index === count - 1 ? part.message(text) : { content: 'Fine, thank you.' };
    if (part.completion) return { index, text: index === count - 1 ? text : 'Fine.', finish_reason: 'stop' };
    return { index, message: { role: 'assistant', ...message }, finish_reason: 'stop', ...choice };
  });
  const body = {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    model: 'gpt-4o',
    choices,
    usage: USAGE,
    ...answer,
  };
  upstream.answer((_call, response) => json(response, 200, body));
}

function answerStreamed({ upstream }: TestGateway, part: AnswerPart, text: string, count: number): void {
  const { choice, answer } = part.around?.(text) ?? {};
  const last = part.completion
    ? piecesOf(text).map((piece) => ({ index: count - 1, text: piece }))
    : part.deltas(piecesOf(text)).map((delta) => ({ index: count - 1, delta }));
  const others = Array.from({ length: count - 1 }, (_, index) => ({
    index,
    delta: { content: 'Fine, thanks.' },
  }));
  const chunks = [...others, ...last].map((one) => ({
    choices: [{ finish_reason: null, ...one, ...choice }],
    ...answer,
  }));
  upstream.answer((_call, response) => streamChunks(response, chunks));
}

/** Cut so that no piece holds a whole match. */
function piecesOf(text: string): string[] {
  return text.match(/.{1,7}/gs) ?? [];
}
