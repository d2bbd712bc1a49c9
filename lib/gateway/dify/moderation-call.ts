import { GatewayError } from '#core/errors.ts';
import { isObject, type JsonObject } from '#core/json.ts';

/** What Dify asks of an API extension of the kind moderation (research/dify-client.md §9). */
export type ModerationCall =
  | { readonly point: 'ping' }
  | { readonly point: 'app.moderation.input'; readonly appId: string | undefined; readonly asked: Asked }
  | { readonly point: 'app.moderation.output'; readonly appId: string | undefined; readonly text: string };

/** Variables of the app's form, and what the person wrote; an app for completions has no query. */
interface Asked extends JsonObject {
  readonly inputs: JsonObject;
  readonly query: string;
}

/** Throws `invalid_request`. */
export function readModerationCall({ point, params }: JsonObject): ModerationCall {
  if (point === 'ping') return { point };
  const given = isObject(params) ? params : {};
  const appId = typeof given['app_id'] === 'string' ? given['app_id'] : undefined;
  switch (point) {
    case 'app.moderation.input':
      return { point, appId, asked: { inputs: readInputs(given), query: readText(given, 'query', '') } };
    case 'app.moderation.output':
      return { point, appId, text: readText(given, 'text') };
    default:
      throw new GatewayError(
        'invalid_request',
        'This extension answers the points "ping", "app.moderation.input" and "app.moderation.output".',
        { param: 'point' },
      );
  }
}

function readInputs({ inputs }: JsonObject): JsonObject {
  if (inputs === undefined || inputs === null) return {};
  if (isObject(inputs)) return inputs;
  throw new GatewayError('invalid_request', '"params.inputs" must be an object.', { param: 'inputs' });
}

function readText(params: JsonObject, name: string, absent?: string): string {
  const value = params[name] ?? absent;
  if (typeof value === 'string') return value;
  throw new GatewayError('invalid_request', `"params.${name}" must be a text.`, { param: name });
}
