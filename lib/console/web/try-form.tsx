import { useState } from 'preact/hooks';
import type { TryView } from '../views.ts';
import type { Api } from './api.ts';
import { Badge } from './badge.tsx';
import { PolicyChain } from './policy-chain.tsx';
import { Visible } from './visible.tsx';

interface Props {
  api: Api;
  models: readonly string[];
}

/** What the chain would do. Nothing is stored, and no provider is called. */
export function TryForm({ api, models }: Props) {
  const [prompt, setPrompt] = useState('');
  const [answer, setAnswer] = useState('');
  const [model, setModel] = useState(models[0] ?? '');
  const [result, setResult] = useState<TryView>();
  const [problem, setProblem] = useState<string>();
  const submit = async (event: Event) => {
    event.preventDefault();
    setProblem(undefined);
    const body = { prompt, ...(answer && { answer }), ...(model && { model }) };
    await api.post<TryView>('/api/policies/try', body).then(setResult, (error: Error) => {
      setResult(undefined);
      setProblem(error.message);
    });
  };
  return (
    <section aria-labelledby="try-title">
      <h2 id="try-title">Try a prompt</h2>
      <form class="decision" onSubmit={submit}>
        <label>
          Prompt
          <textarea rows={4} value={prompt} onInput={(event) => setPrompt(event.currentTarget.value)} />
        </label>
        <label>
          A made-up answer (optional)
          <textarea rows={2} value={answer} onInput={(event) => setAnswer(event.currentTarget.value)} />
        </label>
        <label>
          Model
          <select value={model} onChange={(event) => setModel(event.currentTarget.value)}>
            {models.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <div class="buttons">
          <button type="submit" disabled={!prompt}>
            Try
          </button>
          <small>Stored nowhere; no provider is called.</small>
        </div>
      </form>
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      {result && <Result result={result} />}
    </section>
  );
}

function Result({ result }: { result: TryView }) {
  const { forwarded, released, message, not_asked } = result;
  return (
    <section aria-label="Result" class="card">
      <Badge word={result.verdict} />
      <PolicyChain
        policies={result.policies}
        middle={forwarded === undefined ? 'Nothing would be sent to the provider' : 'Provider'}
      />
      <dl class="facts">
        <Text name="Sent" text={forwarded} />
        <Text name="Released" text={released} />
        <Text name="Shown" text={message} />
        <Text name="Not asked" text={not_asked.join(', ') || undefined} />
      </dl>
    </section>
  );
}

function Text({ name, text }: { name: string; text: string | undefined }) {
  if (text === undefined) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <Visible text={text} />
      </dd>
    </div>
  );
}
