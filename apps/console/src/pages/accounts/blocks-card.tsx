import type { AccountDetail } from 'nestjs-lockout/admin';
import { useState } from 'preact/hooks';
import { send } from '../../api.js';
import { changed } from '../../live.js';
import { bulkMaximum, may } from '../../me.js';
import { t } from '../../messages.js';
import { to } from '../../router.js';
import { type Selection, toggled } from '../../selection.js';
import { accountName, whyText } from '../../subject-text.js';
import { Time, Until } from '../../time.js';
import { Button } from '../../ui/button.js';
import { Card } from '../../ui/card.js';
import { ConfirmDialog } from '../../ui/confirm-dialog.js';
import { focusHeading } from '../../ui/page.js';
import { type Column, Table } from '../../ui/table.js';
import { toast } from '../../ui/toasts.js';
import { type BlockRow, blockRows, unlockOf } from '../subjects/block-rows.js';
import { SelectBox } from '../subjects/select-box.js';
import { ACCOUNTS } from '../subjects/subject.js';
import { Ineligible } from '../subjects/unlock-dialog.js';

export const BLOCKS_ID = 'blocks';

/** The table that "See details" leads to: what stands against the account, by address (OS-12 to OS-14, OS-24). */
export function BlocksCard({ account }: { readonly account: AccountDetail }) {
  const [selection, setSelection] = useState<Selection>(new Set());
  const [unlocking, setUnlocking] = useState<readonly BlockRow[] | null>(null);
  const name = accountName(account);
  const rows = blockRows(account.locks);
  const chosen = rows.filter(({ id }) => selection.has(id));
  const canUnlock = account.unlockable && may('unlock', account.realm);
  const close = (): void => setUnlocking(null);
  return (
    <Card
      id={BLOCKS_ID}
      title={t('console.account.blocks')}
      flush
      actions={
        canUnlock && rows.length > 0 ? (
          <Button small look="primary" disabled={chosen.length === 0} onClick={() => setUnlocking(chosen)}>
            {t('console.unlock.selected-rows')}
          </Button>
        ) : null
      }
    >
      {rows.length === 0 ? (
        <p class="muted card-text">{t('console.account.blocks.none')}</p>
      ) : (
        <Table
          caption={t('console.account.blocks.caption', { name })}
          rows={rows}
          rowId={({ id }) => id}
          isSelected={({ id }) => selection.has(id)}
          columns={[
            ...(canUnlock ? [selectColumn(selection, setSelection)] : []),
            ...factColumns(account.realm),
            ...(canUnlock ? [actionColumn((row) => setUnlocking([row]))] : []),
          ]}
        />
      )}
      {unlocking ? (
        <ConfirmDialog
          title={t('console.unlock.title.rows', { count: locksIn(unlocking), name })}
          confirm={t('console.unlock.confirm')}
          reasons={ACCOUNTS.reasons.map((id) => t(id))}
          explain={(problem) => (problem.status === 409 ? <Ineligible problem={problem} /> : null)}
          onClose={close}
          onConfirm={async (reason, change) => {
            const { path, content } = unlockOf(account.id, unlocking, reason);
            await send('POST', path, content, { change });
            toast(doneText(name, unlocking));
            setSelection(new Set());
            changed();
            requestAnimationFrame(focusHeading);
          }}
        >
          <ul class="review">
            {unlocking.map((row) => (
              <li key={row.id}>
                <Where row={row} />
                {row.locks.map((lock) => (
                  <span key={lock.id} class="review-lock">
                    {whyText(lock)} · <Until until={lock.until} words />
                  </span>
                ))}
              </li>
            ))}
          </ul>
          <p class="muted">{t('console.unlock.effect')}</p>
        </ConfirmDialog>
      ) : null}
    </Card>
  );
}

const Where = ({ row: { address } }: { readonly row: BlockRow }) => (
  <bdi class="review-name">{address ?? t('console.account.block.account')}</bdi>
);

const locksIn = (rows: readonly BlockRow[]): number =>
  rows.reduce((count, { locks }) => count + locks.length, 0);

/** "The user is unblocked", and where. */
function doneText(name: string, rows: readonly BlockRow[]): string {
  const [first] = rows;
  return rows.length === 1 && first?.address
    ? t('console.unlock.done.row', { name, address: first.address })
    : t('console.unlock.done.rows', { name, count: locksIn(rows) });
}

function selectColumn(selection: Selection, onSelect: (selection: Selection) => void): Column<BlockRow> {
  return {
    id: 'select',
    title: t('console.list.column.select'),
    untitled: true,
    cell: ({ id, address }) => (
      <SelectBox
        label={t('console.list.select', { name: address ?? t('console.account.block.account') })}
        checked={selection.has(id)}
        disabled={!selection.has(id) && selection.size >= bulkMaximum.value}
        onToggle={() => onSelect(toggled(selection, id, bulkMaximum.value))}
      />
    ),
  };
}

function actionColumn(onUnlock: (row: BlockRow) => void): Column<BlockRow> {
  return {
    id: 'action',
    title: t('console.list.column.action'),
    untitled: true,
    cell: (row) => (
      <Button
        small
        look="primary"
        label={t('console.unlock.row.label', { name: row.address ?? t('console.account.block.account') })}
        onClick={() => onUnlock(row)}
      >
        {t('console.unlock.row')}
      </Button>
    ),
  };
}

const factColumns = (realm: string): readonly Column<BlockRow>[] => [
  {
    id: 'name',
    title: t('console.list.column.address'),
    isName: true,
    cell: ({ address }) =>
      address === null ? (
        t('console.account.block.account')
      ) : (
        <a href={to.address({ realm, address })}>
          <bdi>{address}</bdi>
        </a>
      ),
  },
  {
    id: 'attempts',
    title: t('console.list.column.attempts'),
    cell: ({ attempts, lastFailureAt }) => (lastFailureAt === null ? null : attempts),
  },
  {
    id: 'last-failure',
    title: t('console.list.column.last-attempt'),
    cell: ({ lastFailureAt }) => (lastFailureAt === null ? null : <Time at={lastFailureAt} />),
  },
  {
    id: 'why',
    title: t('console.list.column.why'),
    cell: ({ locks }) => (
      <span class="cell-lines">
        {locks.map((lock) => (
          <span key={lock.id}>
            {lock.cause === 'admin' ? whyText(lock) : t('console.list.policy', { policy: lock.policy })}
          </span>
        ))}
      </span>
    ),
  },
  { id: 'until', title: t('console.list.column.until'), cell: ({ until }) => <Until until={until} /> },
];
