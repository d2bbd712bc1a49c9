import { useState } from 'preact/hooks';
import { nextTheme, savedTheme } from './theme.ts';

export function ThemeButton() {
  const [theme, setTheme] = useState(savedTheme);
  return (
    <button type="button" class="quiet" onClick={() => setTheme(nextTheme(theme))}>
      Theme: {theme}
    </button>
  );
}
