import { INTEGRATION_RESPONSE, PRELUDE_END } from './response-stream.ts';
import { FunctionFailure, type FunctionResponse } from './runner.ts';

/** What a function URL answers with: the head is known, the body still comes. */
export interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly body: AsyncIterable<Uint8Array>;
}

/** Longest prelude that is looked for, in bytes. */
const PRELUDE_LIMIT = 128 * 1024;

/** Reads status and headers out of a function's response; throws a `FunctionFailure` when it has none where it must. */
export function answerOf(response: FunctionResponse): Promise<HttpAnswer> | HttpAnswer {
  if (!response.streaming) return bufferedAnswer(response.body);
  if (response.contentType === INTEGRATION_RESPONSE) return streamedAnswer(response.body);
  return {
    statusCode: 200,
    headers: { 'content-type': response.contentType },
    cookies: [],
    body: response.body,
  };
}

/** The prelude may be cut anywhere; what follows its eight NUL bytes is body. */
export async function streamedAnswer(source: AsyncIterable<Uint8Array>): Promise<HttpAnswer> {
  const chunks = source[Symbol.asyncIterator]();
  let seen: Buffer = Buffer.alloc(0);
  for (;;) {
    const end = seen.indexOf(PRELUDE_END);
    if (end >= 0) return { ...headOf(seen.subarray(0, end)), body: rest(seen.subarray(end + 8), chunks) };
    const next = await chunks.next();
    if (next.done || seen.length > PRELUDE_LIMIT)
      throw invalid('it began a streamed answer without a prelude');
    seen = Buffer.concat([seen, next.value]);
  }
}

async function* rest(first: Uint8Array, chunks: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (first.length > 0) yield first;
  for (;;) {
    const next = await chunks.next();
    if (next.done) return;
    yield next.value;
  }
}

/** An object with a status is an HTTP answer; any other value is a JSON body with status 200. */
async function bufferedAnswer(source: AsyncIterable<Uint8Array>): Promise<HttpAnswer> {
  const parts: Uint8Array[] = [];
  for await (const part of source) parts.push(part);
  const json = Buffer.concat(parts);
  const value: unknown = JSON.parse(json.toString('utf8'));
  if (!isRecord(value) || value['statusCode'] === undefined)
    return {
      statusCode: 200,
      headers: { 'content-type': 'application/json' },
      cookies: [],
      body: once(json),
    };

  const encoding = value['isBase64Encoded'] === true ? 'base64' : 'utf8';
  const { body = '' } = value;
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body), encoding);
  return { ...checkedHead(value, 'application/json'), body: once(bytes) };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  if (bytes.length > 0) yield bytes;
}

function headOf(json: Uint8Array): Omit<HttpAnswer, 'body'> {
  try {
    const value: unknown = JSON.parse(Buffer.from(json).toString('utf8'));
    if (isRecord(value)) return checkedHead(value, 'application/octet-stream');
  } catch {
    // Falls through: what is no JSON is as wrong as what is no object.
  }
  throw invalid('the prelude of its streamed answer is no JSON object');
}

function checkedHead(value: Record<string, unknown>, contentType: string): Omit<HttpAnswer, 'body'> {
  const statusCode = Number(value['statusCode'] ?? 200);
  if (!Number.isInteger(statusCode) || statusCode < 200 || statusCode > 599)
    throw invalid(`${String(value['statusCode'])} is no status code`);

  const headers: Record<string, string> = { 'content-type': contentType };
  const given = isRecord(value['headers']) ? value['headers'] : {};
  for (const [name, text] of Object.entries(given)) headers[name.toLowerCase()] = String(text);
  const cookies = Array.isArray(value['cookies']) ? value['cookies'].map(String) : [];
  return { statusCode, headers, cookies };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(what: string): FunctionFailure {
  return new FunctionFailure('InvalidResponse', `The function's answer cannot be served: ${what}`);
}
