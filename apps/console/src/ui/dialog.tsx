import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { t } from '../messages.js';
import { Icon } from './icon.js';

interface DialogProps {
  readonly title: string;
  /** Closed by Esc, by its cross or by a button: nothing is done. */
  readonly onClose: () => void;
  /** A change is under way: it stays open until that is known. */
  readonly busy?: boolean;
  readonly children: ComponentChildren;
}

/** A dialog over the page: the browser's own, so Esc, focus and what lies behind it are as anywhere. */
export function Dialog({ title, onClose, busy = false, children }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const heading = useId();
  // While it is still in the document: closing it there gives the focus back to what had it.
  useLayoutEffect(() => {
    const dialog = element.current;
    if (dialog && !dialog.open) {
      dialog.showModal();
      // Rather than the cross, which comes first.
      dialog.querySelector<HTMLElement>('[data-first-focus]')?.focus();
    }
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={element}
      class="dialog"
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        if (!busy) onClose();
      }}
      onClose={onClose}
    >
      <header class="dialog-head">
        <h2 id={heading}>{title}</h2>
        <button
          type="button"
          class="button button-quiet button-icon"
          aria-label={t('console.close')}
          disabled={busy}
          onClick={onClose}
        >
          <Icon name="close" />
        </button>
      </header>
      {children}
    </dialog>
  );
}
