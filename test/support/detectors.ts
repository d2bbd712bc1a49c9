import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A call to Comprehend or to a guardrail, as the AWS SDK sent it. */
interface DetectorCall {
  readonly service: 'comprehend' | 'guardrail';
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Record<string, unknown>;
  /** The text that was sent. */
  readonly text: string;
}

export type DetectorScript = (call: DetectorCall, response: ServerResponse) => void | Promise<void>;

export interface DetectorServer {
  readonly url: string;
  readonly calls: DetectorCall[];
  answer(script: DetectorScript): void;
  close(): Promise<void>;
}

/** Comprehend and Bedrock's runtime on loopback, speaking the documented wire. */
export async function startDetectors(script: DetectorScript): Promise<DetectorServer> {
  let current = script;
  const calls: DetectorCall[] = [];
  const server = createServer(async (request, response) => {
    let raw = '';
    for await (const chunk of request) raw += chunk;
    const body = JSON.parse(raw) as Record<string, unknown>;
    const isGuardrail = request.url?.startsWith('/guardrail/') === true;
    const content = body['content'] as { text?: { text?: string } }[] | undefined;
    const call: DetectorCall = {
      service: isGuardrail ? 'guardrail' : 'comprehend',
      path: request.url ?? '',
      headers: request.headers,
      body,
      text: isGuardrail ? (content?.[0]?.text?.text ?? '') : String(body['Text']),
    };
    calls.push(call);
    await current(call, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    answer(next) {
      current = next;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** Sends JSON as the two services do; an error has its type in the body and in a header. */
export function send(response: ServerResponse, status: number, body: object, type?: string): void {
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.1',
    ...(type ? { 'x-amzn-errortype': type } : {}),
  });
  response.end(JSON.stringify(type ? { __type: type, ...body } : body));
}

/** Finds given words as entities, with offsets in code points as the service counts. */
function entities(text: string, words: Readonly<Record<string, string>>): object[] {
  return Object.entries(words).flatMap(([word, Type]) => {
    const found: object[] = [];
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
      const BeginOffset = [...text.slice(0, at)].length;
      found.push({ Type, Score: 0.99, BeginOffset, EndOffset: BeginOffset + [...word].length });
    }
    return found;
  });
}

/** Comprehend that knows these words, and a guardrail that finds nothing. */
export function knows(words: Readonly<Record<string, string>>): DetectorScript {
  return ({ service, text }, response) =>
    service === 'comprehend'
      ? send(response, 200, { Entities: entities(text, words) })
      : send(response, 200, guardrailSays([]));
}

/** An answer of ApplyGuardrail in its documented form. */
export function guardrailSays(assessments: object[]): object {
  return {
    usage: {
      topicPolicyUnits: 0,
      contentPolicyUnits: 1,
      wordPolicyUnits: 0,
      sensitiveInformationPolicyUnits: 0,
      sensitiveInformationPolicyFreeUnits: 0,
      contextualGroundingPolicyUnits: 0,
    },
    action: assessments.length > 0 ? 'GUARDRAIL_INTERVENED' : 'NONE',
    outputs: [],
    assessments,
  };
}
