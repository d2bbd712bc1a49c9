import { ConsoleError } from './console-error.ts';

/** The body as JSON: at most `limit` bytes are read, whatever Content-Length says. */
export async function readJson(request: Request, limit: number): Promise<unknown> {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json')
    throw new ConsoleError('unsupported_media_type', 'Send JSON with "Content-Type: application/json".');
  const text = await readText(request, limit);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ConsoleError('invalid_request', 'The body is not JSON.', { cause });
  }
}

async function readText(request: Request, limit: number): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  let size = 0;
  try {
    for await (const chunk of request.body ?? []) {
      size += chunk.length;
      if (size > limit)
        throw new ConsoleError('request_too_large', `The body is larger than ${limit} bytes.`);
      text += decoder.decode(chunk, { stream: true });
    }
    return text + decoder.decode();
  } catch (cause) {
    if (cause instanceof ConsoleError) throw cause;
    throw new ConsoleError('invalid_request', 'The body is not UTF-8, or it ended early.', { cause });
  }
}
