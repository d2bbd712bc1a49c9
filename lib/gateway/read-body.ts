import { GatewayError } from '#core/errors.ts';
import { isObject, type JsonObject } from '#core/json.ts';
import { readJson } from '#core/openai/read-json.ts';

/** What Lambda takes at most; the same everywhere, so that the laptop behaves like the deployment. */
const MAX_BODY_BYTES = 6 * 1024 * 1024;

/** Reads a JSON object within all limits. Throws `request_too_large` or `invalid_request`. */
export async function readBody(request: Request): Promise<JsonObject> {
  const declared = Number(request.headers.get('content-length') ?? 0);
  if (declared > MAX_BODY_BYTES) throw tooLarge();
  const value = readJson(await readText(request));
  if (!isObject(value)) {
    throw new GatewayError('invalid_request', 'The request body must be one JSON object.');
  }
  return value;
}

async function readText(request: Request): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of request.body ?? []) {
    size += part.byteLength;
    if (size > MAX_BODY_BYTES) throw tooLarge();
    parts.push(part);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.byteLength;
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new GatewayError('invalid_request', 'The request body is not UTF-8.');
  }
}

function tooLarge(): GatewayError {
  const limit = MAX_BODY_BYTES / 1024 / 1024;
  return new GatewayError(
    'request_too_large',
    `The request body is larger than ${limit} MB. Send less, or send images as links (Dify: MULTIMODAL_SEND_FORMAT=url).`,
  );
}
