import { useState } from 'preact/hooks';

/** Asks once more before it acts; looking elsewhere takes the question back. */
export function SureButton({ word, name, act }: { word: string; name: string; act: () => void }) {
  const [asked, setAsked] = useState(false);
  const press = () => {
    if (asked) act();
    setAsked(!asked);
  };
  const label = asked ? `Really ${word.toLowerCase()}?` : word;
  return (
    <button
      type="button"
      class={`small ${asked ? 'danger' : ''}`}
      aria-label={`${label} ${name}`}
      onClick={press}
      onBlur={() => setAsked(false)}
    >
      {label}
    </button>
  );
}
