import { signal } from '@preact/signals';

export type Theme = 'system' | 'light' | 'dark';

const STORED_AS = 'lockout-console-theme';

/** `system` follows the machine's setting. */
export const theme = signal<Theme>(stored());

/** Shows it, and remembers it in this browser. */
export function setTheme(chosen: Theme): void {
  theme.value = chosen;
  try {
    localStorage.setItem(STORED_AS, chosen);
  } catch {
    // A browser that keeps nothing: it holds until the page is left.
  }
  showTheme();
}

export function showTheme(): void {
  const { dataset } = document.documentElement;
  if (theme.value === 'system') delete dataset['theme'];
  else dataset['theme'] = theme.value;
}

function stored(): Theme {
  try {
    const kept = localStorage.getItem(STORED_AS);
    return kept === 'light' || kept === 'dark' ? kept : 'system';
  } catch {
    return 'system';
  }
}
