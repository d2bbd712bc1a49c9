import { GatewayError } from '#core/errors.ts';
import { isObject, type JsonObject } from '#core/json.ts';
import type { Exchange } from './exchange.ts';

const CLAIM_HEADERS = {
  'x-dify-app-id': 'dify_app_id',
  'x-user-id': 'user_id',
  'x-keeptrusts-agent-id': 'agent_id',
};
const MAX_CLAIM = 256;

/** Checks the parts of a request the gateway itself relies on and notes them on the exchange. */
export function readRequest(exchange: Exchange, body: JsonObject, headers: Headers): void {
  const { modelRoute } = exchange;
  const { model = modelRoute.defaultModel, stream } = body;
  if (typeof model !== 'string' || model === '') {
    throw new GatewayError('invalid_request', 'The request needs a "model".', { param: 'model' });
  }
  if (stream !== undefined && stream !== null && typeof stream !== 'boolean') {
    throw new GatewayError('invalid_request', '"stream" must be true or false.', { param: 'stream' });
  }
  if (stream === true && !modelRoute.streams) {
    throw new GatewayError('invalid_request', 'This route does not stream. Leave "stream" out.', {
      param: 'stream',
    });
  }
  exchange.model = model.slice(0, 256);
  exchange.stream = stream === true;
  exchange.validation = modelRoute.isProbe(body);
  readClaims(exchange, body, headers);
  exchange.asked = forwardable(body);
  exchange.body = modelRoute.read(exchange.asked);
}

/** Claims say who the client thinks it is; they are recorded and never decide anything. */
function readClaims(exchange: Exchange, body: JsonObject, headers: Headers): void {
  for (const [header, name] of Object.entries(CLAIM_HEADERS)) {
    const value = headers.get(header);
    if (value) exchange.claims[name] = claim(value);
  }
  const metadata = body['metadata'];
  const difyApp = isObject(metadata) ? metadata['dify_app_id'] : undefined;
  if (typeof difyApp === 'string' && difyApp !== '') exchange.claims['dify_app_id'] = claim(difyApp);
  if (typeof body['user'] === 'string') exchange.endUser = body['user'].slice(0, MAX_CLAIM);
}

/** Only what an identifier may hold: a claim is shown to people and must carry no text of its own. */
export function claim(value: string): string {
  return value.slice(0, MAX_CLAIM).replace(/[^A-Za-z0-9._:@-]/g, '_');
}

/** The body without what Dify added for the gateway only. */
function forwardable(body: JsonObject): JsonObject {
  const { store: _store, metadata, ...rest } = body;
  if (!isObject(metadata)) return metadata === undefined ? rest : { ...rest, metadata };
  const { dify_app_id: _app, dify_source: _source, ...others } = metadata;
  return Object.keys(others).length > 0 ? { ...rest, metadata: others } : rest;
}
