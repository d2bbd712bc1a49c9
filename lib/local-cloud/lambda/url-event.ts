import type { IncomingMessage } from 'node:http';

/** Payload format 2.0, as a function URL builds it. */
export interface UrlEvent {
  readonly version: '2.0';
  readonly routeKey: '$default';
  readonly rawPath: string;
  readonly rawQueryString: string;
  readonly cookies?: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly queryStringParameters?: Readonly<Record<string, string>>;
  readonly requestContext: Readonly<Record<string, unknown>>;
  readonly body?: string;
  readonly isBase64Encoded: boolean;
}

export interface UrlFacts {
  readonly requestId: string;
  readonly account: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

const TEXT = /^(text\/|application\/(json|javascript|xml)\b|application\/[^;]+\+(json|xml)\b)/i;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The event of one HTTP request; bodies that are no text, or no UTF-8, are base64. */
export function eventOf(request: IncomingMessage, body: Buffer, facts: UrlFacts): UrlEvent {
  const [rawPath = '/', rawQueryString = ''] = splitOnce(request.url ?? '/', '?');
  const headers = joinedHeaders(request.rawHeaders);
  const cookies = headers['cookie']?.split(/;\s*/).filter(Boolean);
  const query = queryOf(rawQueryString);
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    ...(cookies && { cookies }),
    headers: { ...headers, ...forwarded(request) },
    ...(query && { queryStringParameters: query }),
    requestContext: requestContextOf(request, headers, rawPath, facts),
    ...bodyOf(body, headers['content-type']),
  };
}

function requestContextOf(
  request: IncomingMessage,
  headers: Record<string, string>,
  path: string,
  { requestId, account, now }: UrlFacts,
): Record<string, unknown> {
  const domainName = headers['host'] ?? 'localhost';
  return {
    accountId: account,
    apiId: 'local',
    domainName,
    domainPrefix: domainName.split('.')[0],
    http: {
      method: request.method,
      path,
      protocol: `HTTP/${request.httpVersion}`,
      sourceIp: sourceIpOf(request),
      userAgent: headers['user-agent'] ?? '',
    },
    requestId,
    routeKey: '$default',
    stage: '$default',
    time: commonLogTime(new Date(now)),
    timeEpoch: now,
  };
}

/** Names in lower case, repeated headers joined with a comma: also `authorization`, which node's `headers` would drop. */
function joinedHeaders(raw: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = String(raw[i]).toLowerCase();
    const value = String(raw[i + 1]);
    const separator = name === 'cookie' ? '; ' : ',';
    headers[name] = name in headers ? `${headers[name]}${separator}${value}` : value;
  }
  return headers;
}

/** What the service in front of a function adds; a client cannot set them. */
function forwarded(request: IncomingMessage): Record<string, string> {
  return {
    'x-forwarded-for': sourceIpOf(request),
    'x-forwarded-port': String(request.socket.localPort ?? ''),
    'x-forwarded-proto': 'http',
  };
}

function sourceIpOf(request: IncomingMessage): string {
  return request.socket.remoteAddress?.replace(/^::ffff:/, '') ?? '127.0.0.1';
}

function queryOf(raw: string): Record<string, string> | undefined {
  if (!raw) return undefined;
  const query: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(raw)) {
    query[name] = name in query ? `${query[name]},${value}` : value;
  }
  return query;
}

function bodyOf(body: Buffer, contentType = ''): { body?: string; isBase64Encoded: boolean } {
  if (body.length === 0) return { isBase64Encoded: false };
  const text = TEXT.test(contentType) ? body.toString('utf8') : undefined;
  if (text !== undefined && Buffer.byteLength(text) === body.length && !text.includes('\ufffd'))
    return { body: text, isBase64Encoded: false };
  return { body: body.toString('base64'), isBase64Encoded: true };
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

/** `22/Nov/2026:16:03:09 +0000`. */
function commonLogTime(date: Date): string {
  const [day = '', time = ''] = date.toISOString().split('T');
  const [year, month, dayOfMonth] = day.split('-');
  return `${dayOfMonth}/${MONTHS[Number(month) - 1]}/${year}:${time.slice(0, 8)} +0000`;
}
