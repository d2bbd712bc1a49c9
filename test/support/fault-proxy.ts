import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What stands between a client and a service: nothing, or a fault. `silent` answers never, `lost` answers never after the effect. */
export type Fault = 'none' | 'refused' | 'error' | 'silent' | 'lost';

export interface FaultProxy {
  readonly url: string;
  /** The bodies of all requests, also of those that got no answer. */
  readonly asked: string[];
  faultOf: (body: string) => Fault;
  close(): Promise<void>;
}

/** A proxy in front of an AWS service whose address may change: it is asked for at each request. */
export async function startFaultProxy(target: () => string): Promise<FaultProxy> {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray());
    asked.push(body.toString());
    const fault = proxy.faultOf(body.toString());
    if (fault === 'refused') request.socket.destroy();
    else if (fault === 'error') fail(response);
    else if (fault !== 'silent') {
      const answer = await forward(target(), request, body);
      if (fault !== 'lost') response.writeHead(answer.status, answer.headers).end(answer.body);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: FaultProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    faultOf: () => 'none',
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  return proxy;
}

function fail(response: ServerResponse): void {
  response.writeHead(500, { 'x-amzn-errortype': 'InternalServerError' }).end('{"message":"down"}');
}

async function forward(target: string, request: IncomingMessage, body: Buffer) {
  const { host: _host, connection: _connection, 'content-length': _length, ...rest } = request.headers;
  const headers = Object.entries(rest).map(([name, value]) => [name, String(value)] as [string, string]);
  const answer = await fetch(target, { method: 'POST', headers, body: Uint8Array.from(body) });
  const bytes = Buffer.from(await answer.arrayBuffer());
  const type = answer.headers.get('x-amzn-errortype');
  return {
    status: answer.status,
    headers: {
      'content-type': answer.headers.get('content-type') ?? '',
      ...(type && { 'x-amzn-errortype': type }),
    },
    body: bytes,
  };
}
