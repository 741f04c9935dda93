import type { RevisionView } from 'nestjs-lockout/admin';
import { useState } from 'preact/hooks';
import { spelled } from '../../foreign-text.js';
import { t } from '../../messages.js';
import { useResource } from '../../resource.js';
import { Time } from '../../time.js';
import { Badge } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { Card } from '../../ui/card.js';
import { ConfirmDialog } from '../../ui/confirm-dialog.js';
import { EmptyState } from '../../ui/empty-state.js';
import { Shown } from '../../ui/shown.js';
import { WORDING } from '../page-wording.js';
import { ChangeList } from './change-list.js';
import type { Settings } from './policy-body.js';
import { readHistory, revertPolicy } from './policy-calls.js';
import { settingsChanges } from './policy-changes.js';
import type { PolicyInPlace } from './policy-in-place.js';

/** Every save: who, when, why, and what it changed; each can be brought back. */
export function HistoryTab({
  policy,
  canEdit,
}: {
  readonly policy: PolicyInPlace;
  readonly canEdit: boolean;
}) {
  const { target, body } = policy;
  const [pages, setPages] = useState(1);
  const [reverting, setReverting] = useState<RevisionView | null>(null);
  const history = useResource(`history ${target.name} ${target.brand ?? ''} ${pages}`, (signal) =>
    readHistory(target, pages, signal),
  );
  return (
    <Card title={t('console.policies.history.title')}>
      <Shown of={history} lines={6}>
        {({ items, more }) => (
          <div class="stack">
            {items.length === 0 ? (
              <EmptyState icon="history" title={t('console.policies.history.empty')} />
            ) : (
              <ol class="revisions">
                {items.map((revision, index) => (
                  <li key={revision.version}>
                    <Revision
                      revision={revision}
                      before={items[index + 1] ?? null}
                      isFirst={index === items.length - 1 && !more}
                      policy={policy}
                      onRevert={
                        canEdit && revision.version !== body.version ? () => setReverting(revision) : null
                      }
                    />
                  </li>
                ))}
              </ol>
            )}
            {more ? (
              <Button onClick={() => setPages(pages + 1)}>{t('console.policies.history.more')}</Button>
            ) : null}
          </div>
        )}
      </Shown>
      {reverting ? (
        <RevertDialog policy={policy} revision={reverting} onClose={() => setReverting(null)} />
      ) : null}
    </Card>
  );
}

/** What code says: that is what governs where nothing is saved. */
const unsaved = ({ body, target, global }: PolicyInPlace): Settings | null =>
  body.configured ?? (target.brand === null ? null : (global?.settings ?? null));

interface RevisionProps {
  readonly revision: RevisionView;
  /** The save before it, if it was read. */
  readonly before: RevisionView | null;
  /** Nothing was saved before it. */
  readonly isFirst: boolean;
  readonly policy: PolicyInPlace;
  readonly onRevert: (() => void) | null;
}

function Revision({ revision, before, isFirst, policy, onRevert }: RevisionProps) {
  const { version, settings, at, by, reason } = revision;
  const { target, body } = policy;
  const code = unsaved(policy);
  const after = settings ?? code;
  const former = before ? (before.settings ?? code) : isFirst ? code : null;
  const toGlobal = target.brand !== null && body.configured === null;
  const againstCode = isFirst || before?.settings === null || settings === null;
  return (
    <article class="revision">
      <header class="revision-head">
        <h3>{t('console.policies.history.version', { version })}</h3>
        {version === body.version ? <Badge tone="success">{t('console.policies.history.now')}</Badge> : null}
        <span>
          <bdi>{spelled(by)}</bdi>
        </span>
        <Time at={at} />
        {onRevert ? (
          <span class="revision-action">
            <Button small onClick={onRevert}>
              {t('console.policies.history.revert', { version })}
            </Button>
          </span>
        ) : null}
      </header>
      <p>{t('console.policies.reason', { reason })}</p>
      {settings === null ? (
        <p>{t(toGlobal ? 'console.policies.history.removed-brand' : 'console.policies.history.removed')}</p>
      ) : null}
      {after === null || former === null ? null : (
        <details class="revision-changes">
          <summary>
            {t('console.policies.changes', { count: settingsChanges(former, after, WORDING).length })}
          </summary>
          <p class="hint">
            {t(againstCode ? 'console.policies.history.against-code' : 'console.policies.history.against')}
          </p>
          <ChangeList changes={settingsChanges(former, after, WORDING)} />
        </details>
      )}
    </article>
  );
}

function RevertDialog({
  policy,
  revision,
  onClose,
}: {
  readonly policy: PolicyInPlace;
  readonly revision: RevisionView;
  readonly onClose: () => void;
}) {
  const { target, resource } = policy;
  const { version, settings } = revision;
  // What is seen here is what is changed, whatever is read meanwhile.
  const [body] = useState(policy.body);
  const after = settings ?? unsaved(policy);
  return (
    <ConfirmDialog
      title={t('console.policies.revert.title', { version })}
      confirm={t('console.policies.revert.confirm')}
      onClose={onClose}
      onConfirm={async (reason, change) => {
        const saved = await revertPolicy(target, revision, { seen: body, reason, change });
        resource.amend(() => saved);
      }}
    >
      {after === null ? null : <ChangeList changes={settingsChanges(body.settings, after, WORDING)} />}
      <p class="hint">{t('console.policies.save.note')}</p>
    </ConfirmDialog>
  );
}
