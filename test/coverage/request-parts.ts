/** One place of a chat request where text can stand. */
export interface RequestPart {
  readonly name: string;
  /** A whole request with the text in that place. */
  plant(text: string): Record<string, unknown>;
  /** How the text looks there, when no reader of JSON would see it as it is. */
  shown?(text: string): string;
}

type Message = Record<string, unknown>;

const ask = { role: 'user', content: 'Please help me with this.' };

function request(messages: readonly Message[], more: object = {}): Record<string, unknown> {
  return { model: 'gpt-4o', messages, ...more };
}

const asking = (more: object) => request([ask], more);

function called(
  toolCall: Message,
  answer: Message = { role: 'tool', tool_call_id: 'call_1', content: 'ok' },
) {
  return request([ask, { role: 'assistant', content: null, ...toolCall }, answer]);
}

function toolCalls(args: string, id = 'call_1', name = 'lookup'): Message {
  return { tool_calls: [{ id, type: 'function', function: { name, arguments: args } }] };
}

function tool(more: object): Record<string, unknown> {
  const parameters = { type: 'object', properties: { q: { type: 'string' } } };
  return asking({ tools: [{ type: 'function', function: { name: 'lookup', parameters, ...more } }] });
}

const imageUrl = (url: string) =>
  request([{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }]);

/** Every kind of place the chat completions route forwards. */
export const REQUEST_PARTS: readonly RequestPart[] = [
  { name: 'system message', plant: (text) => request([{ role: 'system', content: text }, ask]) },
  { name: 'developer message', plant: (text) => request([{ role: 'developer', content: text }, ask]) },
  { name: 'user message', plant: (text) => request([{ role: 'user', content: text }]) },
  {
    name: 'user message, text part',
    plant: (text) => request([{ role: 'user', content: [{ type: 'text', text }] }]),
  },
  {
    name: 'earlier user message',
    plant: (text) => request([{ role: 'user', content: text }, { role: 'assistant', content: 'Yes?' }, ask]),
  },
  { name: 'assistant message', plant: (text) => request([ask, { role: 'assistant', content: text }, ask]) },
  {
    name: 'assistant reasoning',
    plant: (text) => request([ask, { role: 'assistant', content: 'Yes?', reasoning_content: text }, ask]),
  },
  {
    name: 'assistant refusal',
    plant: (text) => request([ask, { role: 'assistant', content: null, refusal: text }, ask]),
  },
  {
    name: 'tool result',
    plant: (text) => called(toolCalls('{}'), { role: 'tool', tool_call_id: 'call_1', content: text }),
  },
  {
    name: 'tool result, JSON',
    plant: (text) =>
      called(toolCalls('{}'), {
        role: 'tool',
        tool_call_id: 'call_1',
        content: JSON.stringify([{ note: text }]),
      }),
  },
  {
    name: 'function result (legacy)',
    plant: (text) =>
      called(
        { function_call: { name: 'lookup', arguments: '{}' } },
        { role: 'function', name: 'lookup', content: text },
      ),
  },
  { name: 'message name', plant: (text) => request([{ ...ask, name: text }]) },
  { name: 'message role', plant: (text) => request([ask, { role: text, content: 'hi' }]) },
  { name: 'unknown message field', plant: (text) => request([{ ...ask, mood: { note: [text] } }]) },
  { name: 'tool call arguments', plant: (text) => called(toolCalls(JSON.stringify({ note: text }))) },
  {
    name: 'tool call arguments, nested JSON',
    plant: (text) => called(toolCalls(JSON.stringify({ body: JSON.stringify({ note: text }) }))),
  },
  {
    name: 'tool call arguments, escaped',
    plant: (text) => called(toolCalls(`{"note":"${escaped(text)}"}`)),
  },
  {
    name: 'tool call arguments, nested and escaped',
    plant: (text) => called(toolCalls(JSON.stringify({ body: `{"note":"${escaped(text)}"}` }))),
  },
  { name: 'tool call arguments, key', plant: (text) => called(toolCalls(JSON.stringify({ [text]: 1 }))) },
  { name: 'tool call arguments, not JSON', plant: (text) => called(toolCalls(`note=${text}`)) },
  { name: 'tool call name', plant: (text) => called(toolCalls('{}', 'call_1', text)) },
  {
    name: 'function call arguments (legacy)',
    plant: (text) => called({ function_call: { name: 'lookup', arguments: JSON.stringify({ note: text }) } }),
  },
  {
    name: 'tool call id',
    plant: (text) => called(toolCalls('{}', text), { role: 'tool', tool_call_id: text, content: 'ok' }),
  },
  { name: 'tool name', plant: (text) => tool({ name: text }) },
  { name: 'tool description', plant: (text) => tool({ description: text }) },
  {
    name: 'tool schema',
    plant: (text) =>
      tool({ parameters: { type: 'object', properties: { q: { enum: [text], title: text } } } }),
  },
  { name: 'tool schema, key', plant: (text) => tool({ parameters: { properties: { [text]: {} } } }) },
  {
    name: 'functions (legacy)',
    plant: (text) => asking({ functions: [{ name: 'lookup', description: text, parameters: {} }] }),
  },
  {
    name: 'tool choice',
    plant: (text) => asking({ tool_choice: { type: 'function', function: { name: text } } }),
  },
  {
    name: 'response format schema',
    plant: (text) =>
      asking({
        response_format: { type: 'text', json_schema: { name: 'a', schema: { description: text } } },
      }),
  },
  { name: 'prediction', plant: (text) => asking({ prediction: { type: 'content', content: text } }) },
  { name: 'stop', plant: (text) => asking({ stop: [text] }) },
  { name: 'metadata', plant: (text) => asking({ metadata: { note: text } }) },
  { name: 'user', plant: (text) => asking({ user: text }) },
  { name: 'unknown field', plant: (text) => asking({ made_up: { deep: [[text]] } }) },
  { name: 'unknown field, key', plant: (text) => asking({ made_up: { [text]: true } }) },
  { name: 'image link', plant: (text) => imageUrl(`https://pics.test/a?q=${encodeURIComponent(text)}`) },
  {
    name: 'text in a data URI',
    plant: (text) => imageUrl(`data:text/plain,${encodeURIComponent(text)}`),
  },
  { name: 'file name', plant: (text) => request([{ role: 'user', content: [file(text)] }]) },
  { name: 'number', plant: (text) => asking({ made_up: Number(text) }) },
  { name: 'image data', plant: (text) => imageUrl(`data:image/png;base64,${btoa(text)}`), shown: btoa },
];

function file(filename: string): Message {
  return { type: 'file', file: { filename, file_data: `data:text/plain;base64,${btoa('hello there')}` } };
}

/** Every code unit as `\uXXXX`. */
export function escaped(text: string): string {
  return text
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
