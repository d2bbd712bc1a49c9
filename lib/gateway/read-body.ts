import { GatewayError } from '#core/errors.ts';
import { isObject, type JsonObject } from '#core/json.ts';
import { readJson } from '#core/openai/read-json.ts';
import type { Attachment } from '#providers/provider.ts';
import { readForm } from './read-form.ts';

/** What Lambda takes at most; the same everywhere, so that the laptop behaves like the deployment. */
const MAX_BODY_BYTES = 6 * 1024 * 1024;

export interface Body {
  readonly body: JsonObject;
  /** The file of a form. */
  readonly file?: Attachment;
}

/**
 * Reads a JSON object, or a form with these fields, within all limits. Throws `request_too_large` or `invalid_request`.
 */
export async function readBody(request: Request, fields?: readonly string[]): Promise<Body> {
  const declared = Number(request.headers.get('content-length') ?? 0);
  if (declared > MAX_BODY_BYTES) throw tooLarge();
  const bytes = await readBytes(request);
  if (fields) return readForm(bytes, request.headers.get('content-type') ?? '', fields);
  const body = readJson(decode(bytes));
  if (!isObject(body)) {
    throw new GatewayError('invalid_request', 'The request body must be one JSON object.');
  }
  return { body };
}

async function readBytes(request: Request): Promise<Uint8Array<ArrayBuffer>> {
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
  return bytes;
}

function decode(bytes: Uint8Array): string {
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
