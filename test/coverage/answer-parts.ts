import { escaped } from './request-parts.ts';

/** One place of a provider's answer where text can stand. */
export interface AnswerPart {
  readonly name: string;
  /** The message of a whole answer. */
  message(text: string): object;
  /** The deltas of a stream. */
  deltas(pieces: readonly string[]): object[];
  /** Puts the text beside the message, into the choice or the answer itself. */
  around?(text: string): { choice?: object; answer?: object };
  /** The text is a completion's own. */
  readonly completion?: true;
  /** The whole answer of a route without choices, and what asks for one in this form. */
  body?(text: string): object;
  readonly ask?: Record<string, unknown>;
}

function field(name: string, key: string): AnswerPart {
  return {
    name,
    message: (text) => ({ [key]: text }),
    deltas: (pieces) => pieces.map((text) => ({ [key]: text })),
  };
}

function argumentsOf(name: string, wrap: (text: string) => string): AnswerPart {
  const start = { index: 0, id: 'call_1', type: 'function', function: { name: 'lookup', arguments: '' } };
  return {
    name,
    message: (text) => ({
      content: null,
      tool_calls: [{ ...start, function: { name: 'lookup', arguments: wrap(text) } }],
    }),
    deltas: (pieces) => [
      { tool_calls: [start] },
      ...cutLike(wrap(pieces.join('')), pieces.length).map((text) => ({
        tool_calls: [{ index: 0, function: { arguments: text } }],
      })),
    ],
  };
}

function cutLike(text: string, count: number): string[] {
  const size = Math.max(1, Math.ceil(text.length / count));
  return Array.from({ length: Math.ceil(text.length / size) }, (_, i) =>
    text.slice(i * size, (i + 1) * size),
  );
}

function toolCall(name: string, make: (text: string) => object): AnswerPart {
  return {
    name,
    message: (text) => ({ content: null, tool_calls: [make(text)] }),
    deltas: (pieces) => [{ tool_calls: [make(pieces.join(''))] }],
  };
}

function legacy(name: string, make: (text: string) => object): AnswerPart {
  return {
    name,
    message: (text) => ({ content: null, function_call: make(text) }),
    deltas: (pieces) => [{ function_call: make(pieces.join('')) }],
  };
}

function beside(name: string, around: NonNullable<AnswerPart['around']>): AnswerPart {
  const fine = { content: 'Fine, thank you for asking.' };
  return { name, message: () => fine, deltas: () => [fine], around };
}

const call = (fn: object, id = 'call_1') => ({ index: 0, id, type: 'function', function: fn });

/** Places the gateway relays; whatever stands there is guarded. */
export const RELAYED: readonly AnswerPart[] = [
  field('content', 'content'),
  {
    name: 'content, list of parts',
    message: (text) => ({ content: [{ type: 'text', text }] }),
    deltas: (pieces) => pieces.map((text) => ({ content: [{ type: 'text', text }] })),
  },
  field('reasoning_content', 'reasoning_content'),
  field('reasoning', 'reasoning'),
  field('refusal', 'refusal'),
  toolCall('tool name', (text) => call({ name: text, arguments: '{}' })),
  argumentsOf('tool arguments', (text) => JSON.stringify({ note: text, count: 1 })),
  argumentsOf('tool arguments, escaped', (text) => `{"note":"${escaped(text)}"}`),
  argumentsOf('tool arguments, nested JSON', (text) =>
    JSON.stringify({ body: JSON.stringify({ note: text }) }),
  ),
  argumentsOf('tool arguments, nested and escaped', (text) =>
    JSON.stringify({ body: `{"note":"${escaped(text)}"}` }),
  ),
  argumentsOf('tool arguments, key', (text) => JSON.stringify({ [text]: 1 })),
  argumentsOf('tool arguments, not JSON', (text) => `note=${text}`),
  legacy('function call name (legacy)', (text) => ({ name: text, arguments: '{}' })),
  legacy('function call arguments (legacy)', (text) => ({
    name: 'lookup',
    arguments: JSON.stringify({ note: text }),
  })),
];

/** Places that repeat text past the guard: they must not reach the client, whatever the pack says. */
export const NOT_RELAYED: readonly AnswerPart[] = [
  beside('log probabilities', (text) => ({
    choice: { logprobs: { content: [{ token: text, logprob: -1 }] } },
  })),
  beside('finish reason', (text) => ({ choice: { finish_reason: text } })),
  beside('unknown choice field', (text) => ({ choice: { extra: text } })),
  beside('unknown answer field', (text) => ({ answer: { extra: { deep: [text] } } })),
  beside('system fingerprint', (text) => ({ answer: { system_fingerprint: text } })),
  beside('completion id', (text) => ({ answer: { id: text } })),
  beside('unknown usage field', (text) => ({ answer: { usage: { prompt_tokens: 1, note: text } } })),
  field('annotations', 'annotations'),
  field('unknown delta field', 'made_up'),
  {
    name: 'audio transcript',
    message: (text) => ({ content: 'Fine.', audio: { transcript: text } }),
    deltas: (pieces) => pieces.map((transcript) => ({ audio: { transcript } })),
  },
];

const FINE = 'Fine, thank you for asking.';

function cited(name: string, make: (text: string) => object): AnswerPart {
  const message = (text: string) => ({
    content: FINE,
    annotations: [
      { type: 'url_citation', url_citation: { url: 'https://pics.test/a', title: 'A page', ...make(text) } },
    ],
  });
  return { name, message, deltas: (pieces) => [message(pieces.join(''))] };
}

/** What a chat completion relays beside its text: other words, and sound with what is said in it. */
export const BESIDE: readonly AnswerPart[] = [
  cited('title of a citation', (title) => ({ title })),
  cited('link of a citation', (text) => ({ url: `https://pics.test/a?q=${encodeURIComponent(text)}` })),
  {
    name: 'alternative in log probabilities',
    ask: { logprobs: true, top_logprobs: 1 },
    message: () => ({ content: FINE }),
    deltas: () => [{ content: FINE }],
    around: (text) => ({
      choice: {
        logprobs: { content: [{ token: FINE, logprob: -1, top_logprobs: [{ token: text, logprob: -2 }] }] },
      },
    }),
  },
  {
    name: 'spoken answer',
    ask: { modalities: ['text', 'audio'] },
    message: (transcript) => ({ content: null, audio: { id: 'audio_1', data: 'UklGRg==', transcript } }),
    deltas: (pieces) => [
      { audio: { id: 'audio_1', data: 'UklGRg==' } },
      ...pieces.map((transcript) => ({ audio: { transcript } })),
    ],
  },
];
