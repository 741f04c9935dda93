import { useState } from 'preact/hooks';
import { t } from '../../messages.js';
import { ConfirmDialog } from '../../ui/confirm-dialog.js';
import { WORDING } from '../page-wording.js';
import { ChangeList } from './change-list.js';
import { removePolicy } from './policy-calls.js';
import { settingsChanges } from './policy-changes.js';
import type { PolicyInPlace } from './policy-in-place.js';

/** Back to what code says; a brand: to what code says for it, else to the policy for all brands. */
export function RemoveDialog({
  policy: { target, body: latest, global, resource },
  onClose,
}: {
  readonly policy: PolicyInPlace;
  readonly onClose: () => void;
}) {
  // What is seen here is what is changed, whatever is read meanwhile.
  const [body] = useState(latest);
  const after = body.configured ?? (target.brand === null ? null : global?.settings) ?? null;
  const toGlobal = target.brand !== null && body.configured === null;
  return (
    <ConfirmDialog
      title={t(toGlobal ? 'console.policies.remove.title-brand' : 'console.policies.remove.title')}
      confirm={t('console.policies.remove.confirm')}
      onClose={onClose}
      onConfirm={async (reason, change) => {
        const now = await removePolicy(target, { seen: body, reason, change });
        resource.amend(() => now);
      }}
    >
      {after === null ? null : <ChangeList changes={settingsChanges(body.settings, after, WORDING)} />}
      <p class="muted">{t('console.policies.remove.intro')}</p>
    </ConfirmDialog>
  );
}
