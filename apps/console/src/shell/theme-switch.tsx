import { type MessageId, t } from '../messages.js';
import { setTheme, type Theme, theme } from '../theme.js';
import { Icon, type IconName } from '../ui/icon.js';

const NEXT: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' };
const ICONS: Readonly<Record<Theme, IconName>> = { system: 'screen', light: 'sun', dark: 'moon' };
const TEXTS: Readonly<Record<Theme, MessageId>> = {
  system: 'console.theme.system',
  light: 'console.theme.light',
  dark: 'console.theme.dark',
};

/** As the machine has it, light, dark, and round again. */
export function ThemeSwitch() {
  const current = theme.value;
  const label = t('console.theme.label', { theme: t(TEXTS[current]) });
  return (
    <button
      type="button"
      class="button button-quiet button-icon"
      aria-label={label}
      title={label}
      onClick={() => setTheme(NEXT[current])}
    >
      <Icon name={ICONS[current]} />
    </button>
  );
}
