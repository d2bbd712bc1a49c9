import { useEffect, useRef } from 'preact/hooks';

/** Single keys that act while nobody types in a field; Escape leaves a field. */
export function useShortcuts(keys: Readonly<Record<string, () => void>>): void {
  const current = useRef(keys);
  current.current = keys;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const field = event.target instanceof Element && event.target.closest('input, textarea, select');
      if (field && event.key === 'Escape') (field as HTMLElement).blur();
      if (field || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
      const act = Object.hasOwn(current.current, event.key) ? current.current[event.key] : undefined;
      if (!act) return;
      event.preventDefault();
      act();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
}
