import { spelled } from '../../foreign-text.js';
import { changed } from '../../live.js';
import { viewableRealms } from '../../me.js';
import { t } from '../../messages.js';
import type { Problem } from '../../problem.js';
import { ConfirmDialog } from '../../ui/confirm-dialog.js';
import { focusHeading } from '../../ui/page.js';
import { reasonText, Support } from '../../ui/problem-text.js';
import { toast } from '../../ui/toasts.js';
import { LockLine } from './lock-line.js';
import type { SubjectItem, SubjectKind } from './subject.js';

interface UnlockDialogProps<Item extends SubjectItem> {
  readonly kind: SubjectKind<Item>;
  readonly items: readonly Item[];
  /** The server has lifted them. */
  readonly onDone?: (items: readonly Item[]) => void;
  readonly onClose: () => void;
}

/** Shows whom and what is about to be unlocked, asks why, and does it (CS-15). */
export function UnlockDialog<Item extends SubjectItem>({
  kind,
  items,
  onDone,
  onClose,
}: UnlockDialogProps<Item>) {
  const names = items.map(kind.nameOf);
  const [first = ''] = names;
  return (
    <ConfirmDialog
      title={
        items.length === 1
          ? t(kind.titleOfOne, { name: first })
          : t(kind.titleOfSeveral, { count: items.length })
      }
      confirm={t(kind.confirm)}
      reasons={kind.reasons.map((id) => t(id))}
      explain={(problem) => (problem.status === 409 ? <Ineligible problem={problem} /> : null)}
      onClose={onClose}
      onConfirm={async (reason, change) => {
        const result = await kind.unlock(items, reason, change);
        toast(
          result.changed
            ? t(kind.done, { count: items.length, names })
            : t('console.unlock.unchanged', { name: first }),
        );
        onDone?.(items);
        changed();
        // The row that was acted on is gone.
        requestAnimationFrame(focusHeading);
      }}
    >
      <ul class="review">
        {items.map((item) => (
          <li key={item.id}>
            <span>
              <bdi class="review-name">{kind.nameOf(item)}</bdi>
              {viewableRealms.value.length > 1 ? <span class="muted"> {item.realm}</span> : null}
            </span>
            {item.locks.map((lock) => (
              <span key={lock.id} class="review-lock">
                {/* An address is named above. */}
                <LockLine lock={kind.list === 'addresses' ? { ...lock, address: null } : lock} />
              </span>
            ))}
          </li>
        ))}
      </ul>
      {kind.effects.map((id) => (
        <p key={id} class="muted">
          {t(id)}
        </p>
      ))}
    </ConfirmDialog>
  );
}

/** Everything that kept it from being done, each with its reason (CS-17, CS-18). */
export function Ineligible({ problem: { errors, support } }: { readonly problem: Problem }) {
  return (
    <div class="notice notice-danger" role="alert">
      <p class="notice-title">{t('console.unlock.refused')}</p>
      <ul>
        {errors.map(({ account, address, id, reason = '' }) => (
          <li key={account ?? address ?? id}>
            <bdi>{spelled(account ?? address ?? id ?? '')}</bdi>
            {`: ${reasonText(reason)}`}
          </li>
        ))}
      </ul>
      {support ? <Support text={support} /> : null}
    </div>
  );
}
