import type { Target } from '#core/pack/pack.ts';
import { lacking } from './failure.ts';
import { OPENAI_PATHS } from './openai.ts';
import { askOpenai } from './openai-wire.ts';
import type { Dialect, Operation } from './provider.ts';

/** The first version of the deployment surface that knows `stream_options`. */
const USAGE_IN_STREAMS = '2024-09-01';

/** What a resource does not serve. */
const LACKING: ReadonlySet<Operation> = new Set(['rerank', 'moderation']);

/**
 * Azure OpenAI: OpenAI's wire below a resource's own address, with the key in a header of its own. What its content filter says
 * about prompt and answer (`prompt_filter_results`, `content_filter_results`) is not relayed; that an answer was cut by it is
 * said by `finish_reason`, that a prompt was refused by the failure `content_filter`.
 */
export const azureOpenai: Dialect = async (call) => {
  const { target, operation, baseUrl, key, requestId } = call;
  if (LACKING.has(operation)) throw lacking('azure-openai', operation);
  return askOpenai(call, {
    url: azureUrl(baseUrl, target, OPENAI_PATHS[operation]),
    headers: { 'api-key': key.reveal(), 'x-ms-client-request-id': requestId },
    model: deploymentOf(target),
    usageInStreams: target.api_version === undefined || target.api_version >= USAGE_IN_STREAMS,
  });
};

function deploymentOf(target: Target): string {
  return target.deployment ?? target.provider_model;
}

/** With a version the surface of deployments, without one the newer `/openai/v1`, where the model is the deployment. */
function azureUrl(baseUrl: string, target: Target, path: string): string {
  const resource = baseUrl.replace(/\/openai(\/v1)?$/, '');
  if (target.api_version === undefined) return `${resource}/openai/v1${path}`;
  const deployment = encodeURIComponent(deploymentOf(target));
  return `${resource}/openai/deployments/${deployment}${path}?api-version=${target.api_version}`;
}
