import { useState } from 'preact/hooks';
import { nextTheme, savedTheme } from './theme.ts';

export function ThemeButton() {
  const [theme, setTheme] = useState(savedTheme);
  return (
    <button
      type="button"
      class="quiet"
      aria-label={`Theme: ${theme}`}
      onClick={() => setTheme(nextTheme(theme))}
    >
      <span class="roomy">Theme: </span>
      {theme}
    </button>
  );
}
