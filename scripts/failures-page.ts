import { FAILURES, type FailureCode } from '#core/errors.ts';
import { FAULTS, STREAM_FAULTS } from './provider-faults.ts';

/** When a code is given. A new code does not compile without its line here. */
const WHEN: Record<FailureCode, string> = {
  invalid_request: 'the body is no request of this route, or breaks a limit of shape',
  invalid_api_key: 'no key, an unknown, expired or revoked one, or more than one',
  scope_denied: 'the key does not belong to the app of the URL, or may not use the route',
  data_policy_unmet: 'no target of the model promises what pack or app require of data',
  not_found: 'no such path or held answer',
  model_not_allowed:
    'the model or alias is not there, or not for this key; the message names the allowed ones',
  method_not_allowed: 'the path takes another method',
  request_too_large: 'the body is larger than the limit',
  input_blocked: 'a policy stopped the request (status: `block_status` of the pack)',
  output_blocked: 'a policy stopped the answer (status: `block_status` of the pack)',
  review_pending: 'the answer, or the request, is held for a person (status: `block_status` of the pack)',
  rate_limited: 'the key or app makes too many calls',
  provider_rate_limited: 'every target that could be asked is limiting calls',
  budget_exceeded: 'the budget of the app is used up',
  price_unknown: 'the app has a budget, and nobody knows what the model costs',
  internal_error: 'a mistake of the gateway',
  provider_error: 'the provider cannot be reached, fails, or answers with something that is no answer',
  provider_auth_error: 'the provider refuses the key of the gateway, also after it was fetched anew',
  content_filter: 'the filter of the provider refused the request',
  provider_rejected: 'the provider rejects the request; its reason is in the message',
  overloaded: 'too many calls at once in this process',
  budget_unavailable: 'budgets cannot be read',
  audit_unavailable: 'the call cannot be recorded, so it was not made',
  credentials_unavailable: 'the key of the provider, or the own key of the gateway, cannot be read',
  config_unavailable: 'a target is configured so that it may not be called',
  provider_unavailable: 'the breakers of all targets of the model are open; `Retry-After` says how long',
  review_unavailable: 'an answer or a request must be held, and cannot be',
  provider_timeout: 'no first byte in time, or silence inside an answer, or the deadline of the function',
};

const HEAD = `<!-- Made by "node scripts/make-docs.ts" from lib/core/errors.ts and scripts/provider-faults.ts. Do not edit. -->

# What a client sees when something fails

Every failure has OpenAI's error object (\`message\`, \`type\`, \`param\`, \`code\`), \`x-request-id\` and \`x-should-retry\`, which the official clients obey.
The event of the call has the code as \`error_code\`. Messages say what to do and hold no keys and no text of the request.`;

const FAULT_HEAD = `## Faults of a provider

With one target and the defaults; another target of the same model is asked before any of this is told (docs/routing.md). At most two
provider calls per client call. Proved by \`test/gateway/provider-faults.test.ts\` with the official \`openai\` client and a reader that follows Dify's rules,
streamed and not. The provider gave no usage: a call that failed costs 0, one that was *given up* (too slow, or its client or the deadline
ended it before an answer: attempt \`aborted\`) may be on the provider's bill and counts with its worst case, which is set aside for two targets where
another one may be asked. Should the provider not have billed it, the budget was on the safe side.`;

const STREAM_HEAD = `## After the first text of a stream

One frame \`data: {"error": "… Reference: <request id>"}\` without \`choices\`, then the body ends, without \`[DONE]\`: the \`openai\` client throws, Dify shows the
text as the error of the run. No second call. The event is \`request.failed\` with \`complete: false\` and usage estimated from what came. An answer cut at
any byte is either complete or such an error: shown for every byte of a streamed and of a whole answer, cut or ended early.`;

const USAGE = `## Usage that cannot be true

Negative, larger than 2⁵³, texts, missing: an estimate is recorded (\`usage.source: estimated\`). Parts that add up to more than their whole are cut to it.`;

/** docs/failures.md. */
export function failuresPage(): string {
  const codes = Object.entries(FAILURES).map(([code, { status, type, retry }]) => [
    String(status),
    `\`${code}\``,
    `\`${type}\``,
    retry ? 'yes' : 'no',
    WHEN[code as FailureCode],
  ]);
  const faults = FAULTS.map(({ fault, code, calls, recorded, mayCost }) => [
    fault,
    `${FAILURES[code].status} \`${code}\``,
    String(calls),
    `\`${recorded}\``,
    mayCost ? 'worst case' : '0',
  ]);
  const streams = STREAM_FAULTS.map(({ fault, code, recorded }) => [fault, `\`${code}\``, `\`${recorded}\``]);
  return `${[
    HEAD,
    table(['status', 'code', 'type', 'try again', 'when'], codes),
    FAULT_HEAD,
    table(['fault', 'client gets', 'calls', 'attempts say', 'cost'], faults),
    STREAM_HEAD,
    table(['fault', '`error_code`', 'attempt says'], streams),
    USAGE,
  ].join('\n\n')}\n`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)].join('\n');
}
