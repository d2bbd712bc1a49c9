import { GatewayError } from '#core/errors.ts';
import { isObject, type JsonObject } from '#core/json.ts';
import { readClaims } from './claims.ts';
import type { Exchange } from './exchange.ts';

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

/** The body without what Dify added for the gateway only. */
function forwardable(body: JsonObject): JsonObject {
  const { store: _store, metadata, ...rest } = body;
  if (!isObject(metadata)) return metadata === undefined ? rest : { ...rest, metadata };
  const { dify_app_id: _app, dify_source: _source, ...others } = metadata;
  return Object.keys(others).length > 0 ? { ...rest, metadata: others } : rest;
}
