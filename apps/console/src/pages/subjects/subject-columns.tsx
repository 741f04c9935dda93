import type { LockView } from 'nestjs-lockout/admin';
import { hashTo } from '../../address.js';
import { viewableRealms } from '../../me.js';
import { t } from '../../messages.js';
import { to } from '../../router.js';
import { isManual, whyText } from '../../subject-text.js';
import { Time, Until } from '../../time.js';
import { Badge } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { reasonText } from '../../ui/problem-text.js';
import type { Column } from '../../ui/table.js';
import { type Listing, queryOf, type Sort } from './listing.js';
import { SelectAllBox, SelectBox } from './select-box.js';
import type { SubjectItem, SubjectKind } from './subject.js';

/** Ticking rows; absent: there is nothing to tick for. */
export interface Ticking<Item> {
  readonly isTicked: (item: Item) => boolean;
  readonly isFull: boolean;
  readonly maximum: number;
  readonly toggle: (item: Item) => void;
  readonly toggleAll: () => void;
  readonly ticked: 'none' | 'some' | 'all';
}

/** Columns of a list of accounts or addresses: who, why, where, since when, until when, and letting them in. */
export function subjectColumns<Item extends SubjectItem>(
  kind: SubjectKind<Item>,
  listing: Listing,
  ticking: Ticking<Item>,
  onUnlock: (item: Item) => void,
): readonly Column<Item>[] {
  const sorted = (sort: Sort) => ({
    isSorted: listing.sort === sort,
    sortHref: hashTo([kind.list], queryOf(listing, { sort })),
  });
  const first = (item: Item): LockView | undefined => item.locks[0];
  return [
    {
      id: 'select',
      title: t('console.list.column.select'),
      untitled: true,
      head: <SelectAllBox ticking={ticking} />,
      cell: (item) => (
        <SelectBox
          label={t('console.list.select', { name: kind.nameOf(item) })}
          checked={ticking.isTicked(item)}
          disabled={ticking.isFull && !ticking.isTicked(item)}
          onToggle={() => ticking.toggle(item)}
        />
      ),
    },
    {
      id: 'name',
      title: t(kind.column),
      isName: true,
      cell: (item) => (
        <span class="cell-lines">
          <a href={kind.hrefOf(item)}>
            <bdi>{kind.nameOf(item)}</bdi>
          </a>
          {viewableRealms.value.length > 1 ? <span class="muted">{item.realm}</span> : null}
        </span>
      ),
    },
    {
      id: 'why',
      title: t('console.list.column.why'),
      cell: (item) => <Why kind={kind} item={item} />,
    },
    ...(kind.list === 'accounts' ? [addressColumn<Item>(first)] : []),
    {
      id: 'since',
      isAside: (item) => item.locks.length === 0,
      title: t(kind.locked),
      ...sorted('since'),
      cell: (item) => {
        const lock = first(item);
        return lock ? <Time at={lock.since} /> : null;
      },
    },
    {
      id: 'until',
      isAside: (item) => item.locks.length === 0,
      title: t('console.list.column.until'),
      ...sorted('until'),
      cell: (item) => {
        const lock = first(item);
        return lock ? <Until until={lock.until} /> : null;
      },
    },
    {
      id: 'action',
      title: t('console.list.column.action'),
      untitled: true,
      cell: (item) => <Action item={item} name={kind.nameOf(item)} onUnlock={() => onUnlock(item)} />,
    },
  ];
}

function addressColumn<Item extends SubjectItem>(first: (item: Item) => LockView | undefined): Column<Item> {
  return {
    id: 'address',
    title: t('console.list.column.address'),
    isAside: (item) => first(item)?.address == null,
    cell: (item) => {
      const lock = first(item);
      if (!lock) return null;
      if (lock.address === null) return <span class="muted">{t('console.any-address')}</span>;
      return (
        <a href={to.address({ realm: item.realm, address: lock.address })}>
          <bdi>{lock.address}</bdi>
        </a>
      );
    },
  };
}

function Why<Item extends SubjectItem>({
  kind,
  item,
}: {
  readonly kind: SubjectKind<Item>;
  readonly item: Item;
}) {
  const [lock, ...others] = item.locks;
  if (!lock) return <Badge>{t(kind.notLocked)}</Badge>;
  return (
    <span class="cell-lines">
      <span>{whyText(lock)}</span>
      {isManual(lock) ? null : <span class="muted">{t('console.list.policy', { policy: lock.policy })}</span>}
      {others.length > 0 ? (
        <a href={kind.hrefOf(item)}>{t('console.list.more-locks', { count: others.length })}</a>
      ) : null}
    </span>
  );
}

/** Letting them in, or why not and who can (CS-16, CS-18, OS-18). */
function Action({
  item: { locks, unlockable, reasons, support },
  name,
  onUnlock,
}: {
  readonly item: SubjectItem;
  readonly name: string;
  readonly onUnlock: () => void;
}) {
  if (unlockable) {
    return (
      <Button small look="primary" label={t('console.unlock.row.label', { name })} onClick={onUnlock}>
        {t('console.unlock.row')}
      </Button>
    );
  }
  // Said once already, by the badge of the row.
  if (locks.length === 0) return null;
  return (
    <span class="cell-lines barred">
      {reasons.map((reason) => (
        <span key={reason}>{reasonText(reason)}</span>
      ))}
      {support ? <span class="muted">{t('console.support.short', { support })}</span> : null}
    </span>
  );
}
