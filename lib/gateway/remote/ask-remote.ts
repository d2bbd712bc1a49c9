import { GatewayError } from '#core/errors.ts';
import type { AskRemote, RemoteAnswer, RemoteQuestion, RemoteTrial } from '#core/policy/remote.ts';
import { RemoteFailure } from '#core/policy/remote-failure.ts';
import type { Exchange } from '../exchange.ts';
import type { ExchangeKit } from '../kit.ts';
import { nowMicros } from '../now-micros.ts';
import type { GatewayPorts } from '../ports.ts';
import type { Breaker } from './breaker.ts';
import { askJudge } from './judge.ts';
import { askModeration } from './openai-moderation.ts';
import type { RemoteCall } from './remote-call.ts';

/** Once more, when that may help and the time is not over. */
const ATTEMPTS = 2;
const PAUSE_MS = 100;

/**
 * Asks detectors for one exchange; the same question is asked once, whoever asks it. `signal`: the client left, or the door's
 * deadline came.
 */
export function createAsker(exchange: Exchange, signal: AbortSignal, kit: ExchangeKit): AskRemote {
  const asked = new Map<string, Promise<RemoteTrial>>();
  const send = (question: RemoteQuestion, stop: AbortSignal) =>
    sendQuestion(question, stop, { exchange, kit });
  return async (question, timeoutMs) => {
    const key = JSON.stringify([question, timeoutMs]);
    const breaker = kit.breakers(nameOf(question));
    const trial = asked.get(key) ?? tryAsking(question, timeoutMs, signal, send, breaker);
    asked.set(key, trial);
    const said = await trial;
    if (said.failure !== undefined) logFailure(said, question, exchange, kit.ports);
    return said;
  };
}

async function sendQuestion(
  question: RemoteQuestion,
  signal: AbortSignal,
  call: RemoteCall,
): Promise<RemoteAnswer> {
  switch (question.detector) {
    case 'openai-moderation':
      return askModeration(question, signal, call);
    case 'judge':
      return askJudge(question, signal, call);
    default:
      if (!call.kit.ports.detectors) throw new RemoteFailure('is not connected here', { refused: true });
      return call.kit.ports.detectors.ask(question, signal);
  }
}

async function tryAsking(
  question: RemoteQuestion,
  timeoutMs: number,
  outer: AbortSignal,
  send: (question: RemoteQuestion, signal: AbortSignal) => Promise<RemoteAnswer>,
  breaker: Breaker,
): Promise<RemoteTrial> {
  const started = nowMicros();
  const us = () => nowMicros() - started;
  if (!breaker.admits())
    return { us: us(), failure: `${nameOf(question)} failed before: left alone for now`, refused: false };
  const late = AbortSignal.timeout(timeoutMs);
  const signal = AbortSignal.any([outer, late]);
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await Promise.race([send(question, signal), aborted(signal)]);
      breaker.note('answered');
      return { us: us(), answer };
    } catch (thrown) {
      const failure = late.aborted
        ? new RemoteFailure(`took longer than timeout_ms (${timeoutMs})`)
        : asFailure(thrown);
      if (failure.again && attempt < ATTEMPTS && !signal.aborted) {
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
        continue;
      }
      // Who does not let us in is not down, and a client that left says nothing about a detector.
      if (!failure.refused && !outer.aborted) breaker.note('failed');
      return { us: us(), failure: `${nameOf(question)} ${failure.message}`, refused: failure.refused };
    }
  }
}

/** Rejects when the signal is aborted: a detector that does not listen to it must not hold the call. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () => reject(new RemoteFailure('was given up: nobody waits any more'));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

/** Only our own words are recorded: what a library throws could quote the text. */
function asFailure(thrown: unknown): RemoteFailure {
  if (thrown instanceof RemoteFailure) return thrown;
  if (thrown instanceof GatewayError)
    return new RemoteFailure(`failed: ${thrown.code}`, { refused: true, cause: thrown });
  return new RemoteFailure('could not be asked', { again: thrown instanceof TypeError, cause: thrown });
}

function nameOf(question: RemoteQuestion): string {
  switch (question.detector) {
    case 'bedrock-guardrail':
      return `bedrock-guardrail ${question.id}`;
    case 'judge':
      return `judge ${question.target}`;
    default:
      return question.detector;
  }
}

function logFailure(
  { failure, refused }: Extract<RemoteTrial, { failure: string }>,
  { detector }: RemoteQuestion,
  { requestId }: Exchange,
  { log }: GatewayPorts,
): void {
  log.error(refused ? 'remote detector refused' : 'remote detector failed', {
    request_id: requestId,
    detector,
    cause: failure,
  });
}
