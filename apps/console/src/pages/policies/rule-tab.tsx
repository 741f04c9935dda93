import { useState } from 'preact/hooks';
import { t } from '../../messages.js';
import { Button, ButtonLink } from '../../ui/button.js';
import { Card } from '../../ui/card.js';
import { WORDING } from '../page-wording.js';
import { BrandsCard } from './brands-card.js';
import { ChangeList } from './change-list.js';
import { policyOf } from './policy-body.js';
import { settingsChanges } from './policy-changes.js';
import { type PolicyInPlace, tabHref } from './policy-in-place.js';
import { policyWords } from './policy-words.js';
import { RemoveDialog } from './remove-dialog.js';
import { SettingsTable } from './settings-table.js';
import { WarningList } from './warning-list.js';

/** What a policy says, in words and in full, and what is odd about it. */
export function RuleTab({ policy, canEdit }: { readonly policy: PolicyInPlace; readonly canEdit: boolean }) {
  const { target, body, global, own } = policy;
  const [removing, setRemoving] = useState(false);
  const isSaved = own && body.source === 'saved';
  return (
    <div class="stack">
      <Card
        title={t('console.policies.words.title')}
        actions={
          canEdit ? (
            <>
              {isSaved ? (
                <Button small onClick={() => setRemoving(true)}>
                  {t(
                    target.brand === null
                      ? 'console.policies.remove.open'
                      : 'console.policies.remove.open-brand',
                  )}
                </Button>
              ) : null}
              <ButtonLink small look="primary" href={tabHref(target, 'edit')}>
                {t('console.policies.tab.edit')}
              </ButtonLink>
            </>
          ) : null
        }
      >
        <ul class="policy-words">
          {policyWords(policyOf(body.settings), WORDING).map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
        {isSaved && body.reason !== null ? (
          <p class="muted policy-reason">{t('console.policies.reason', { reason: body.reason })}</p>
        ) : null}
        {canEdit ? null : <p class="hint">{t('console.policies.read-only')}</p>}
      </Card>
      {target.brand !== null && global ? (
        <Card title={t('console.policies.brands.against-global')}>
          <ChangeList
            changes={settingsChanges(global.settings, body.settings, WORDING)}
            before={t('console.policies.brands.all')}
            after={t('console.policies.brands.this')}
          />
        </Card>
      ) : null}
      {target.brand === null && global ? <BrandsCard item={global} canEdit={canEdit} /> : null}
      <Card title={t('console.policies.lint.title')}>
        <WarningList warnings={body.warnings} />
      </Card>
      <details class="card settings-fold">
        <summary>{t('console.policies.all-settings')}</summary>
        <SettingsTable body={body} />
      </details>
      {removing ? <RemoveDialog policy={policy} onClose={() => setRemoving(false)} /> : null}
    </div>
  );
}
