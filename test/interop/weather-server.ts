import type { ServerResponse } from 'node:http';
import { recorded } from '../providers/ask.ts';
import { type BedrockServer, eventStream, events, json, startBedrock } from '../providers/bedrock-server.ts';

export const DIALECTS = ['openai', 'azure-openai', 'anthropic', 'bedrock'] as const;
export type DialectName = (typeof DIALECTS)[number];

/** What the tool of the conversation says; a provider answers with the final text once it has seen it. */
export const TOOL_RESULT = '21 degrees, clear sky';

/** A provider that plays the weather conversation in the wire of a dialect. */
export async function startWeather(dialect: DialectName): Promise<BedrockServer> {
  const server = await startBedrock();
  server.answer(({ path, body }, response) => {
    const part = JSON.stringify(body).includes(TOOL_RESULT) ? 'weather-final' : 'weather-call';
    const streamed = body['stream'] === true || path.endsWith('/converse-stream');
    return streamed
      ? stream(dialect, part, response)
      : json(response, 200, recorded(`${dialect}/${part}.json`));
  });
  return server;
}

function stream(dialect: DialectName, part: string, response: ServerResponse): Promise<void> {
  if (dialect === 'bedrock') return events(response, [eventStream(`${part}.jsonl`)]);
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  response.end(recorded(`${dialect}/${part}.sse`));
  return Promise.resolve();
}
