import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { AIMessageChunk, type BaseMessage, HumanMessage, ToolMessage } from '@langchain/core/messages';
import { ChatOpenAI } from '@langchain/openai';
import { generateText, jsonSchema, stepCountIs, streamText, tool } from 'ai';
import OpenAI from 'openai';
import { TOOL_RESULT } from './weather-server.ts';

/** How a conversation went, as its client saw it. */
interface Outcome {
  readonly calls: { readonly name: string; readonly input: unknown }[];
  readonly text: string;
}

interface Door {
  readonly baseURL: string;
  readonly apiKey: string;
  readonly model: string;
}

type Play = (door: Door, streamed: boolean) => Promise<Outcome>;

const QUESTION = 'What is the weather in Köln?';
const NAME = 'get_weather';
const DESCRIPTION = 'The weather of a city';
const PARAMETERS = {
  type: 'object' as const,
  properties: { city: { type: 'string' as const } },
  required: ['city'],
};
const TOOLS = [
  { type: 'function' as const, function: { name: NAME, description: DESCRIPTION, parameters: PARAMETERS } },
];

const openai: Play = async ({ model, ...door }, streamed) => {
  const client = new OpenAI({ ...door, maxRetries: 0 });
  const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: QUESTION }];
  const calls: Outcome['calls'] = [];
  for (;;) {
    const request = { model, messages, tools: TOOLS };
    const { choices } = streamed
      ? await client.chat.completions.stream(request).finalChatCompletion()
      : await client.chat.completions.create(request);
    const message = choices[0]!.message;
    if (!message.tool_calls?.length) return { calls, text: message.content ?? '' };
    messages.push(message);
    for (const call of message.tool_calls) {
      if (call.type !== 'function') continue;
      calls.push({ name: call.function.name, input: JSON.parse(call.function.arguments) });
      messages.push({ role: 'tool', tool_call_id: call.id, content: TOOL_RESULT });
    }
  }
};

const vercel: Play = async ({ model, ...door }, streamed) => {
  const provider = createOpenAICompatible({ name: 'keeptrusts', includeUsage: true, ...door });
  const settings = {
    model: provider(model),
    prompt: QUESTION,
    maxRetries: 0,
    stopWhen: stepCountIs(4),
    tools: {
      [NAME]: tool({
        description: DESCRIPTION,
        inputSchema: jsonSchema<{ city: string }>(PARAMETERS),
        execute: async () => TOOL_RESULT,
      }),
    },
  };
  const result = streamed ? streamText(settings) : await generateText(settings);
  const steps = await result.steps;
  const calls = steps.flatMap((step) =>
    step.toolCalls.map(({ toolName, input }) => ({ name: toolName, input })),
  );
  return { calls, text: await result.text };
};

const langchain: Play = async ({ model, baseURL, apiKey }, streamed) => {
  const chat = new ChatOpenAI({ model, apiKey, maxRetries: 0, configuration: { baseURL } }).bindTools(TOOLS);
  const messages: BaseMessage[] = [new HumanMessage(QUESTION)];
  const calls: Outcome['calls'] = [];
  for (;;) {
    const message = streamed ? await joined(await chat.stream(messages)) : await chat.invoke(messages);
    if (!message.tool_calls?.length) return { calls, text: String(message.content) };
    messages.push(message);
    for (const { id, name, args } of message.tool_calls) {
      calls.push({ name, input: args });
      messages.push(new ToolMessage({ tool_call_id: id ?? '', content: TOOL_RESULT }));
    }
  }
};

async function joined(chunks: AsyncIterable<AIMessageChunk>): Promise<AIMessageChunk> {
  let all = new AIMessageChunk('');
  for await (const chunk of chunks) all = all.concat(chunk);
  return all;
}

/** The clients people use, each as its documentation shows. */
export const CLIENTS: Readonly<Record<string, Play>> = {
  'the official openai client': openai,
  'the Vercel AI SDK': vercel,
  'LangChain.js': langchain,
};
