import { signal } from '@preact/signals';
import { t } from '../messages.js';
import { Problem } from '../problem.js';
import { Icon } from './icon.js';
import { headline } from './problem-text.js';

interface Toast {
  readonly id: number;
  readonly tone: 'success' | 'danger';
  readonly text: string;
  readonly undo?: () => Promise<void>;
}

/** Long enough to be read twice; with something to undo, to think about it too. */
const SHOWN_MS = 8_000;
const SHOWN_WITH_UNDO_MS = 20_000;

const toasts = signal<readonly Toast[]>([]);
const timers = new Map<number, ReturnType<typeof setTimeout>>();
let lastId = 0;

/** Says that something was done; `undo` offers to take it back. */
export function toast(
  text: string,
  { undo, tone = 'success' }: Partial<Pick<Toast, 'undo' | 'tone'>> = {},
): void {
  lastId += 1;
  const shown: Toast = { id: lastId, tone, text, ...(undo ? { undo } : {}) };
  toasts.value = [...toasts.value, shown];
  start(shown);
}

function start({ id, undo }: Toast): void {
  timers.set(
    id,
    setTimeout(() => dismiss(id), undo ? SHOWN_WITH_UNDO_MS : SHOWN_MS),
  );
}

function dismiss(id: number): void {
  clearTimeout(timers.get(id));
  timers.delete(id);
  toasts.value = toasts.value.filter((shown) => shown.id !== id);
}

async function takeBack({ id, undo }: Toast): Promise<void> {
  dismiss(id);
  try {
    await undo?.();
  } catch (error) {
    const problem = error instanceof Problem ? error : new Problem(0, null, {}, { cause: error });
    toast([headline(problem), problem.detail].filter(Boolean).join(' '), { tone: 'danger' });
  }
}

/** Where they appear: always there, so that screen readers hear what is added. */
export function Toasts() {
  return (
    <section class="toasts" aria-label={t('console.toasts')} aria-live="polite">
      {toasts.value.map((shown) => (
        // biome-ignore lint/a11y/noStaticElementInteractions: being read only holds the clock that would remove it
        <div
          key={shown.id}
          class={`toast toast-${shown.tone}`}
          onMouseEnter={() => clearTimeout(timers.get(shown.id))}
          onMouseLeave={() => start(shown)}
          onFocusIn={() => clearTimeout(timers.get(shown.id))}
          onFocusOut={() => start(shown)}
        >
          <Icon name={shown.tone === 'success' ? 'check' : 'warning'} />
          <p>{shown.text}</p>
          {shown.undo ? (
            <button type="button" class="button button-small" onClick={() => void takeBack(shown)}>
              {t('console.undo')}
            </button>
          ) : null}
          <button
            type="button"
            class="button button-quiet button-icon"
            aria-label={t('console.close')}
            onClick={() => dismiss(shown.id)}
          >
            <Icon name="close" />
          </button>
        </div>
      ))}
    </section>
  );
}
