import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dynamoUnits } from './dynamo-units.ts';

/** One AWS API call of a function, as it would be billed. */
export interface Metered {
  /** The door it came through: the function. */
  readonly door: number;
  /** `DynamoDB_20120810.PutItem`, `AmazonSQS.SendMessage`, … */
  readonly target: string;
  /** The table, for DynamoDB; one entry for each item of a transaction. */
  readonly table?: string;
  readonly reads: number;
  readonly writes: number;
  readonly stored: number;
  /** Bytes of the request. */
  readonly bytes: number;
}

export interface Meter {
  /** Endpoints in front of the real one; a function gets one of its own, so that its calls can be told apart. */
  readonly doors: readonly string[];
  /** The real endpoint; calls wait until it is known. */
  connect(endpoint: string): void;
  close(): Promise<void>;
}

const DYNAMO = 'DynamoDB_20120810';

/** Stands between functions and the embedded AWS and counts. */
export async function openMeter(doors: number, count: (metered: Metered) => void): Promise<Meter> {
  const endpoint = Promise.withResolvers<string>();
  const units = dynamoUnits(async (operation, input) => {
    const body = Buffer.from(JSON.stringify(input));
    const headers = {
      'x-amz-target': `${DYNAMO}.${operation}`,
      'content-type': 'application/x-amz-json-1.0',
    };
    const answer = await send(await endpoint.promise, '/', headers, body);
    return JSON.parse(answer.body.toString());
  });

  async function pass(door: number, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = Buffer.concat(await request.toArray());
    const target = String(request.headers['x-amz-target'] ?? `${request.method} ${request.url}`);
    const call = async () => send(await endpoint.promise, request.url ?? '/', headersOf(request), body);
    const [service, operation = ''] = target.split('.');
    const plain = { door, target, reads: 0, writes: 0, stored: 0, bytes: body.length };
    if (service === DYNAMO) {
      let answer: Answer | undefined;
      const [, uses] = await units.around(operation, JSON.parse(body.toString()), async () => {
        answer = await call();
        return JSON.parse(answer.body.toString());
      });
      for (const use of uses) count({ ...plain, ...use });
      if (answer) reply(response, answer);
      return;
    }
    count(plain);
    reply(response, await call());
  }

  const servers = await Promise.all(
    Array.from({ length: doors }, (_, door) =>
      listen((request, response) => {
        pass(door, request, response).catch(() => response.destroy());
      }),
    ),
  );
  return {
    doors: servers.map((server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    connect: endpoint.resolve,
    async close() {
      for (const server of servers) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
}

async function send(
  endpoint: string,
  path: string,
  headers: Record<string, string>,
  body: Buffer,
): Promise<Answer> {
  const response = await fetch(new URL(path, endpoint), {
    method: 'POST',
    headers,
    body: Uint8Array.from(body),
  });
  return {
    status: response.status,
    headers: response.headers,
    body: Buffer.from(await response.arrayBuffer()),
  };
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  const kept = ['x-amz-target', 'x-amz-invocation-type', 'content-type'].map((name) => [
    name,
    String(headers[name] ?? ''),
  ]);
  return Object.fromEntries(kept.filter(([, value]) => value !== ''));
}

function reply(response: ServerResponse, { status, headers, body }: Answer): void {
  const kept = [...headers].filter(([name]) => name.startsWith('x-amz') || name === 'content-type');
  response.writeHead(status, { ...Object.fromEntries(kept), 'content-length': body.length });
  response.end(body);
}

function listen(handler: (request: IncomingMessage, response: ServerResponse) => void): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(handler).once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}
