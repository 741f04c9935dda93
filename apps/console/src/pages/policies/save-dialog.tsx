import { t } from '../../messages.js';
import { Problem } from '../../problem.js';
import { ConfirmDialog } from '../../ui/confirm-dialog.js';
import { ChangeList } from './change-list.js';
import { type Draft, dropDraft, keepDraft } from './drafts.js';
import type { Warning } from './policy-body.js';
import { conflictOf, savePolicy } from './policy-calls.js';
import type { Change } from './policy-changes.js';
import { settingsOf } from './policy-form.js';
import type { PolicyInPlace } from './policy-in-place.js';
import { problemsIn } from './use-lint.js';
import { WarningList } from './warning-list.js';

interface SaveDialogProps {
  readonly policy: PolicyInPlace;
  readonly draft: Draft;
  readonly changes: readonly Change[];
  readonly warnings: readonly Warning[];
  readonly onClose: () => void;
  /** Somebody else was faster; what governs now is in the resource. */
  readonly onConflict: () => void;
}

/** A last look, a reason, then the save. What the server has against it goes back to the form, and nothing is lost. */
export function SaveDialog({ policy, draft, changes, warnings, onClose, onConflict }: SaveDialogProps) {
  const { target, body, resource } = policy;
  const odd = warnings.filter(({ level }) => level === 'warning');
  return (
    <ConfirmDialog
      title={t('console.policies.save.question')}
      confirm={t('console.policies.save.button')}
      reasons={draft.reason === '' ? [] : [draft.reason]}
      onClose={onClose}
      onConfirm={async (reason, change) => {
        try {
          const saved = await savePolicy(target, settingsOf(draft.form, body.settings), {
            // What was edited, whatever was read since.
            seen: { ...body, version: draft.version },
            reason,
            change,
          });
          dropDraft(target);
          resource.amend(() => saved);
        } catch (error) {
          const theirs = conflictOf(error);
          const isRefused = error instanceof Problem && error.status === 422 && error.errors.length > 0;
          if (!theirs && !isRefused) throw error;
          keepDraft(target, { ...draft, reason, refused: isRefused ? problemsIn(error) : [] });
          if (!theirs) return;
          resource.amend(() => theirs);
          onConflict();
        }
      }}
    >
      <ChangeList changes={changes} />
      {odd.length > 0 ? <WarningList warnings={odd} /> : null}
      <p class="hint">{t('console.policies.save.note')}</p>
    </ConfirmDialog>
  );
}
