import { worstMicros } from '#core/budget/worst-case.ts';
import { costOf } from '#core/cost/price.ts';
import { NO_USAGE } from '#core/cost/usage.ts';
import { GatewayError } from '#core/errors.ts';
import { isObject, type JsonObject } from '#core/json.ts';
import type { Attempt } from '#core/ledger/event.ts';
import { estimateUsage, readUsage } from '#core/openai/usage.ts';
import type { Target } from '#core/pack/pack.ts';
import type { JudgeQuestion, RemoteAnswer } from '#core/policy/remote.ts';
import { RemoteFailure } from '#core/policy/remote-failure.ts';
import type { ProviderAnswer } from '#providers/provider.ts';
import { callProvider } from '../call-provider.ts';
import type { RemoteCall } from './remote-call.ts';
import { remoteTarget } from './remote-target.ts';

/** Asks a model of the pack, as a call of its own. What it used is paid by the app of the call it judges. */
export async function askJudge(
  question: JudgeQuestion,
  signal: AbortSignal,
  call: RemoteCall,
): Promise<RemoteAnswer> {
  const { exchange } = call;
  const target = remoteTarget(question.target, exchange);
  const answer = await reach(question, target, signal, call);
  if (answer.kind !== 'whole') throw new RemoteFailure('streamed unasked');
  const said = textOf(answer.body);
  const usage =
    readUsage(answer.body['usage']) ?? estimateUsage([question.instructions, ...question.texts], said);
  const cost = costOf(exchange.deployment.prices, target.vendor, target.provider_model, usage);
  exchange.judgeCosts.push(cost);
  const scanned = question.texts.reduce((sum, { length }) => sum + length, 0);
  return { findings: [], scanned, said, usage, cost };
}

async function reach(
  { instructions, texts: [text], maxTokens }: JudgeQuestion,
  target: Target,
  signal: AbortSignal,
  { exchange, kit }: RemoteCall,
): Promise<ProviderAnswer> {
  const messages = [
    { role: 'system', content: instructions },
    { role: 'user', content: text },
  ];
  const body = { model: target.model, messages, max_completion_tokens: maxTokens };
  const { prices } = exchange.deployment;
  const most = { ...NO_USAGE, output: maxTokens };
  const attempts: Attempt[] = [];
  try {
    const { answer } = await callProvider(
      {
        appId: exchange.caller.app.id,
        operation: 'chat',
        targets: [{ ...target, max_attempts: 1 }],
        routing: exchange.deployment.pack.routing,
        body,
        stream: false,
        signal,
        attempts,
        giveUp: () => void exchange.givenUp.push(worstMicros(prices, target, body, most)),
        requestId: exchange.requestId,
        trace: exchange.trace,
      },
      kit,
    );
    return answer;
  } catch (cause) {
    if (!(cause instanceof GatewayError)) throw cause;
    const refused = REFUSED.has(cause.code);
    throw new RemoteFailure(refused ? `refused: ${cause.code}` : `failed: ${cause.code}`, { refused, cause });
  }
}

/** What only an operator can change. */
const REFUSED: ReadonlySet<string> = new Set([
  'provider_auth_error',
  'credentials_unavailable',
  'config_unavailable',
]);

function textOf({ choices }: JsonObject): string {
  const [choice] = Array.isArray(choices) ? choices : [];
  const message = isObject(choice) ? choice['message'] : undefined;
  const content = isObject(message) ? message['content'] : undefined;
  return typeof content === 'string' ? content : '';
}
