const SLOT = 'keeptrusts.theme';

export type Theme = 'auto' | 'light' | 'dark';
const NEXT: Record<Theme, Theme> = { auto: 'dark', dark: 'light', light: 'auto' };

/** What the reader chose in this browser; `auto` follows the system. */
export function savedTheme(): Theme {
  const saved = localStorage.getItem(SLOT);
  return saved === 'light' || saved === 'dark' ? saved : 'auto';
}

export function applyTheme(theme: Theme): void {
  document.documentElement.dataset['theme'] = theme;
}

export function nextTheme(theme: Theme): Theme {
  const next = NEXT[theme];
  localStorage.setItem(SLOT, next);
  applyTheme(next);
  return next;
}
