import { type AnswerPart, BESIDE, NOT_RELAYED, RELAYED } from './answer-parts.ts';
import { REQUEST_PARTS, type RequestPart } from './request-parts.ts';

type Body = Record<string, unknown>;

/** One route with every place where text can stand in its requests and answers. */
export interface CoveredRoute {
  readonly path: string;
  readonly streams: boolean;
  /** How many choices an answer may have. */
  readonly choices: readonly number[];
  readonly requests: readonly RequestPart[];
  /** Asks for an answer in the form that the part is about. */
  ask(part: AnswerPart): Body;
  readonly relayed: readonly AnswerPart[];
  readonly notRelayed: readonly AnswerPart[];
}

const FINE = 'Fine, thank you for asking.';
const LINK = 'https://pics.test/a?q=';

function request(name: string, plant: (text: string) => Body, model = 'gpt-4o'): RequestPart {
  return { name, plant: (text) => ({ model, ...plant(text) }) };
}

/** A place in an answer of one piece: `answer` is the provider's body. */
function answer(name: string, body: (text: string) => Body, ask: Body = {}): AnswerPart {
  return { name, message: () => ({}), deltas: () => [], body, ask };
}

const chat: CoveredRoute = {
  path: '/chat/completions',
  streams: true,
  choices: [1, 2, 3, 4],
  requests: REQUEST_PARTS,
  ask: ({ ask }) => ({ messages: [{ role: 'user', content: 'Please go on.' }], ...ask }),
  relayed: [...RELAYED, ...BESIDE],
  notRelayed: NOT_RELAYED,
};

const input = (item: Body) => ({ input: [{ role: 'user', content: 'Please help.' }, item] });
const call = { type: 'function_call', call_id: 'call_1', name: 'lookup', arguments: '{}' };
const result = { type: 'function_call_output', call_id: 'call_1', output: 'ok' };
const fn = (more: Body) => ({
  input: 'Please help.',
  tools: [{ type: 'function', name: 'lookup', parameters: {}, ...more }],
});

const responses: CoveredRoute = {
  path: '/responses',
  streams: true,
  choices: [1],
  requests: [
    request('user message', (text) => ({ input: text })),
    request('user message, text part', (text) =>
      input({ role: 'user', content: [{ type: 'input_text', text }] }),
    ),
    request('system message', (instructions) => ({ input: 'Please help.', instructions })),
    request('developer message', (content) => input({ role: 'developer', content })),
    request('assistant message', (text) => ({
      input: [
        { role: 'assistant', content: [{ type: 'output_text', text }] },
        { role: 'user', content: 'Please help.' },
      ],
    })),
    request('tool call arguments', (note) => ({
      input: [{ ...call, arguments: JSON.stringify({ note }) }, result],
    })),
    request('tool result', (output) => ({ input: [call, { ...result, output }] })),
    request('tool description', (description) => fn({ description })),
    request('tool schema', (title) => fn({ parameters: { type: 'object', title } })),
    request('schema of the answer', (description) => ({
      input: 'Please help.',
      // Only a request for prose can be answered with a refusal; the schema is forwarded all the same.
      text: { format: { type: 'json_schema', name: 'a', schema: { description } } },
    })),
    request('metadata', (note) => ({ input: 'Please help.', metadata: { note } })),
    request('user', (user) => ({ input: 'Please help.', user })),
    request('image link', (text) =>
      input({
        role: 'user',
        content: [{ type: 'input_image', image_url: `${LINK}${encodeURIComponent(text)}` }],
      }),
    ),
    request('file name', (filename) =>
      input({
        role: 'user',
        content: [{ type: 'input_file', filename, file_data: `data:text/plain;base64,${btoa('hello')}` }],
      }),
    ),
  ],
  ask: () => ({ input: 'Please go on.' }),
  relayed: RELAYED.filter(({ name }) => !name.includes('legacy')),
  notRelayed: [...NOT_RELAYED, ...RELAYED.filter(({ name }) => name.includes('legacy'))],
};

const text = (pieces: string, more: Body = {}): AnswerPart => ({
  name: pieces,
  message: () => ({}),
  deltas: () => [{}],
  around: () => ({ choice: { text: FINE, ...more } }),
});

const completions: CoveredRoute = {
  path: '/completions',
  streams: true,
  choices: [1, 2, 3, 4],
  requests: [
    request('prompt', (prompt) => ({ prompt })),
    request('prompt, one of several', (prompt) => ({ prompt: ['fine', prompt] })),
    request('suffix', (suffix) => ({ prompt: 'fine', suffix })),
    request('stop', (stop) => ({ prompt: 'fine', stop: [stop] })),
    request('user', (user) => ({ prompt: 'fine', user })),
    request('unknown field', (made_up) => ({ prompt: 'fine', made_up: [made_up] })),
  ],
  ask: () => ({ prompt: 'Please go on.', max_tokens: 100 }),
  relayed: [
    {
      name: 'text',
      message: () => ({}),
      deltas: (pieces) => pieces.map((piece) => ({ piece })),
      completion: true,
    },
  ],
  notRelayed: [
    {
      ...text('log probabilities'),
      around: (planted) => ({ choice: { text: FINE, logprobs: { tokens: [planted] } } }),
    },
    { ...text('unknown choice field'), around: (planted) => ({ choice: { text: FINE, extra: planted } }) },
    {
      ...text('unknown answer field'),
      around: (planted) => ({ choice: { text: FINE }, answer: { extra: planted } }),
    },
    { ...text('finish reason'), around: (planted) => ({ choice: { text: FINE, finish_reason: planted } }) },
  ],
};

const vector = (more: Body, beside: Body = {}) => ({
  data: [{ index: 0, embedding: [0.5], ...more }],
  ...beside,
});

const embeddings: CoveredRoute = {
  path: '/embeddings',
  streams: false,
  choices: [1],
  requests: [
    request('input', (one) => ({ input: one })),
    request('input, one of several', (one) => ({ input: ['fine', one] })),
    request('message', (content) => ({ messages: [{ role: 'user', content }] })),
    request('user', (user) => ({ input: 'fine', user })),
    request('unknown field', (made_up) => ({ input: 'fine', made_up })),
  ],
  ask: () => ({ input: 'Please go on.' }),
  relayed: [],
  notRelayed: [
    answer('embedding', (planted) => vector({ embedding: planted })),
    answer('embedding, in numbers', (planted) => vector({ embedding: [0.5, planted] })),
    answer('unknown field of an embedding', (planted) => vector({ extra: planted })),
    answer('unknown answer field', (planted) => vector({}, { extra: planted, object: planted })),
  ],
};

const ranked = (more: Body, beside: Body = {}) => ({
  results: [{ index: 0, relevance_score: 0.5, ...more }],
  ...beside,
});

const rerank: CoveredRoute = {
  path: '/rerank',
  streams: false,
  choices: [1],
  requests: [
    request('query', (query) => ({ query, documents: ['fine'] })),
    request('document', (one) => ({ query: 'fine', documents: ['fine', one] })),
    request('document, text of an object', (one) => ({ query: 'fine', documents: [{ text: one }] })),
    request('unknown field', (made_up) => ({ query: 'fine', documents: ['fine'], made_up })),
  ],
  ask: () => ({ query: 'fine', documents: ['fine'], return_documents: true }),
  relayed: [],
  notRelayed: [
    answer('document', (planted) => ranked({ document: { text: planted } })),
    answer('unknown field of a result', (planted) => ranked({ extra: planted })),
    answer('unknown answer field', (planted) => ranked({}, { id: planted, meta: { note: planted } })),
  ],
};

const judged = (more: Body, beside: Body = {}) => ({ results: [{ flagged: false, ...more }], ...beside });

const moderations: CoveredRoute = {
  path: '/moderations',
  streams: false,
  choices: [1],
  requests: [
    request('judged text', (one) => ({ input: one })),
    request('judged text, one of several', (one) => ({ input: ['fine', one] })),
    request('judged text, part', (one) => ({ input: [{ type: 'text', text: one }] })),
    request('judged image link', (one) => ({
      input: [{ type: 'image_url', image_url: { url: `${LINK}${encodeURIComponent(one)}` } }],
    })),
    request('unknown field', (made_up) => ({ input: 'fine', made_up })),
  ],
  ask: () => ({ input: 'fine' }),
  relayed: [],
  notRelayed: [
    answer('category', (planted) => judged({ categories: { [planted]: true } })),
    answer('flag of a category', (planted) => judged({ categories: { violence: planted } })),
    answer('score of a category', (planted) => judged({ category_scores: { violence: planted } })),
    answer('type of input', (planted) => judged({ category_applied_input_types: { violence: [planted] } })),
    answer('unknown answer field', (planted) => judged({ extra: planted }, { id: planted, extra: planted })),
  ],
};

const segments = (said: string, more: Body = {}) => [{ start: 0, end: 2, text: said, ...more }];

const transcriptions: CoveredRoute = {
  path: '/audio/transcriptions',
  streams: false,
  choices: [1],
  requests: [
    request('prompt', (prompt) => ({ prompt })),
    request('language', (language) => ({ language })),
    request('audio', (file) => ({ file })),
  ],
  ask: ({ ask = {} }) => ask,
  relayed: [
    ...['json', 'text', 'verbose_json'].map((response_format) =>
      answer(`text, ${response_format}`, (said) => ({ text: said }), { response_format }),
    ),
    ...['verbose_json', 'srt', 'vtt'].map((response_format) =>
      answer(`segment, ${response_format}`, (said) => ({ text: FINE, segments: segments(said) }), {
        response_format,
      }),
    ),
    answer('word, verbose_json', (word) => ({ text: FINE, words: [{ start: 0, end: 1, word }] }), {
      response_format: 'verbose_json',
    }),
  ],
  notRelayed: ['json', 'text', 'verbose_json', 'srt', 'vtt'].map((response_format) =>
    answer(
      `unknown fields, ${response_format}`,
      (planted) => ({
        text: FINE,
        language: `${planted}!`,
        extra: planted,
        segments: segments(FINE, { extra: planted, tokens: [planted], avg_logprob: planted }),
      }),
      { response_format },
    ),
  ),
};

const speech: CoveredRoute = {
  path: '/audio/speech',
  streams: false,
  choices: [1],
  requests: [
    request('text to be spoken', (one) => ({ input: one, voice: 'alloy' })),
    request('system message', (instructions) => ({ input: 'fine', voice: 'alloy', instructions })),
    request('voice', (voice) => ({ input: 'fine', voice })),
    request('unknown field', (made_up) => ({ input: 'fine', voice: 'alloy', made_up })),
  ],
  ask: () => ({ input: 'fine', voice: 'alloy' }),
  relayed: [],
  notRelayed: [answer('answer that is no audio', (planted) => ({ text: planted }))],
};

export const COVERED: readonly CoveredRoute[] = [
  chat,
  responses,
  completions,
  embeddings,
  rerank,
  moderations,
  transcriptions,
  speech,
];
