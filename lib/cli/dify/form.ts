import { modelFacts } from './model-facts.ts';

export type Mode = 'chat' | 'completion';

/** Field and value, in the order and words of Dify's form "OpenAI-API-compatible". */
export type FormLine = readonly [field: string, value: string];

export function llmForm(base: string, model: string, mode: Mode): FormLine[] {
  const facts = modelFacts(model);
  const ownName = 'not known for this name: ask its vendor; Dify proposes 4096';
  return [
    ['Model Type', 'LLM'],
    ['Model Name', `${model}  (one entry per Dify app: ${model}@<app>, each with a key of its own)`],
    ['Model name for API endpoint', `${model}  (needed when the name above has an @)`],
    ['API Key', 'the app key (kt_live_…), from: kt keys create --app <app>'],
    ['API endpoint URL', base],
    ['Completion mode', mode === 'chat' ? 'Chat' : 'Completion'],
    ['Model context size', facts ? String(facts.context) : ownName],
    ['Upper bound for max tokens', facts ? String(facts.maxTokens) : ownName],
    ['Token parameter name', 'Auto'],
    [
      'Function calling',
      mode === 'chat' ? 'Tool Call  (No Call drops the tools of agents without a word)' : 'No Call',
    ],
    ['Stream function calling', mode === 'chat' ? 'Support' : 'Not Support'],
    ['Vision Support', facts?.vision && mode === 'chat' ? 'Support' : 'Not Support'],
    ['Structured output', mode === 'chat' ? 'Support' : 'Not Support'],
    ['Stream mode auth', 'Not use'],
    ['Stream mode delimiter', '\\n\\n'],
    ['Stream include usage', 'Enabled  (the gateway counts either way)'],
    ['User identity', 'Support  (kept as a hash)'],
  ];
}

export function otherForm(base: string, model: string, type: 'Text Embedding' | 'Rerank'): FormLine[] {
  return [
    ['Model Type', type],
    ['Model Name', model],
    ['API Key', 'the app key, as above'],
    ['API endpoint URL', base],
  ];
}

export function asText(lines: readonly FormLine[]): string {
  const width = Math.max(...lines.map(([field]) => field.length));
  return lines.map(([field, value]) => `  ${field.padEnd(width)}  ${value}`).join('\n');
}
