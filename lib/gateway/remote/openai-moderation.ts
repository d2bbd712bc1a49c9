import * as z from 'zod';
import type { Target } from '#core/pack/pack.ts';
import type { ModerationQuestion, RemoteAnswer } from '#core/policy/remote.ts';
import { RemoteFailure, statusFailure } from '#core/policy/remote-failure.ts';
import { readWhole } from '#providers/read-whole.ts';
import { openEgress } from '../egress.ts';
import type { Exchange } from '../exchange.ts';
import { secretName } from '../secret-name.ts';
import type { RemoteCall } from './remote-call.ts';
import { remoteTarget } from './remote-target.ts';

/** What the documentation promises of `POST /v1/moderations`: one result per input, in order. */
const Moderation = z.object({
  results: z.array(
    z.object({
      categories: z.record(z.string(), z.boolean().nullable()),
      category_scores: z.record(z.string(), z.number().nullable()),
    }),
  ),
});

/** Where the endpoint is when the question names no target of the pack. */
const OPENAI = 'https://api.openai.com/v1';

type Endpoint = Pick<Target, 'id' | 'vendor' | 'base_url' | 'private_network' | 'secret'>;

/** Asks OpenAI's moderation endpoint about all texts in one call. */
export async function askModeration(
  question: ModerationQuestion,
  signal: AbortSignal,
  call: RemoteCall,
): Promise<RemoteAnswer> {
  const target = endpointOf(question, call.exchange);
  const first = await post(question, target, false, signal, call);
  // The key may have been changed since it was read.
  const stale = first.status === 401 || first.status === 403;
  const response = stale ? await post(question, target, true, signal, call) : first;
  if (stale) await first.body?.cancel();
  if (response.status === 200) return readAnswer(await readBody(response), question.texts);
  await response.body?.cancel();
  throw statusFailure(response.status);
}

function endpointOf({ target, secret }: ModerationQuestion, exchange: Exchange): Endpoint {
  if (target !== undefined || !secret) return remoteTarget(target, exchange);
  return { id: 'openai-moderation', vendor: 'openai', base_url: OPENAI, secret };
}

async function post(
  { model, texts }: ModerationQuestion,
  target: Endpoint,
  refresh: boolean,
  signal: AbortSignal,
  { kit: { ports, options } }: RemoteCall,
): Promise<Response> {
  const name = secretName(target);
  if (name === undefined) throw new RemoteFailure('has no key', { refused: true });
  const key = await ports.secrets.get(name, { refresh }).catch((cause: unknown) => {
    throw new RemoteFailure(`has no key: "${name}" is not available`, { refused: true, cause });
  });
  const { baseUrl, fetch } = openEgress(target, ports, options);
  return fetch(`${baseUrl}/moderations`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key.reveal()}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model, input: texts }),
    signal,
  });
}

async function readBody(response: Response): Promise<unknown> {
  return readWhole(response).catch((cause: unknown) => {
    throw new RemoteFailure('answered with something that is not JSON', { cause });
  });
}

function readAnswer(body: unknown, texts: readonly string[]): RemoteAnswer {
  const said = Moderation.safeParse(body);
  if (!said.success || said.data.results.length !== texts.length) {
    throw new RemoteFailure('answered with something that is no moderation');
  }
  const findings = said.data.results.flatMap(({ categories, category_scores }, text) =>
    Object.entries(category_scores).map(([label, score]) => {
      return { label, score: score ?? 0, flagged: categories[label] === true, text };
    }),
  );
  return { findings, scanned: texts.reduce((sum, { length }) => sum + length, 0) };
}
