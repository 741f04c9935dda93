import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { Change } from '../change.js';
import { t } from '../messages.js';
import { Problem } from '../problem.js';
import { Button } from './button.js';
import { Dialog } from './dialog.js';
import { ProblemText } from './problem-text.js';
import { ReasonField } from './reason-field.js';

interface ConfirmDialogProps {
  readonly title: string;
  /** What the button that does it says. */
  readonly confirm: string;
  readonly look?: 'primary' | 'danger';
  /** Reasons to choose from; the first one is filled in. */
  readonly reasons?: readonly string[];
  /** Whether the other fields allow it now. */
  readonly ready?: boolean;
  /** Does it; the dialog shows what is thrown, and stays. */
  readonly onConfirm: (reason: string, change: Change) => Promise<void>;
  readonly onClose: () => void;
  /** Shows a refusal in its own way; null: as any other. */
  readonly explain?: (problem: Problem) => ComponentChildren | null;
  /** What is about to be done, for review. */
  readonly children: ComponentChildren;
}

/** Review, a reason that is recorded, then confirm or cancel (CS-15). Cancelling changes nothing. */
export function ConfirmDialog({
  title,
  confirm,
  look = 'primary',
  reasons = [],
  ready = true,
  onConfirm,
  onClose,
  explain,
  children,
}: ConfirmDialogProps) {
  const [reason, setReason] = useState(reasons[0] ?? '');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const change = useRef(new Change());
  const isReady = ready && reason.trim() !== '';
  const submit = async (): Promise<void> => {
    if (busy || !isReady) return;
    setBusy(true);
    setProblem(null);
    try {
      await onConfirm(reason.trim(), change.current);
      onClose();
    } catch (error) {
      setProblem(error instanceof Problem ? error : new Problem(0, null, {}, { cause: error }));
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose} busy={busy}>
      <form
        class="dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <div class="dialog-body">
          {children}
          <ReasonField value={reason} choices={reasons} onChange={setReason} />
          <div aria-live="assertive">
            {problem ? (explain?.(problem) ?? <ProblemText problem={problem} />) : null}
          </div>
        </div>
        <footer class="dialog-foot">
          <Button onClick={onClose} disabled={busy}>
            {t('console.cancel')}
          </Button>
          <Button type="submit" look={look} busy={busy} disabled={!isReady} firstFocus={look === 'primary'}>
            {problem?.isPassing ? t('console.try-again') : confirm}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
