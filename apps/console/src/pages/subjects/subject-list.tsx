import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { hashTo } from '../../address.js';
import { get } from '../../api.js';
import { bulkMaximum, me, viewableRealms } from '../../me.js';
import { t } from '../../messages.js';
import { useResource } from '../../resource.js';
import { place } from '../../router.js';
import { offerOf, type Selection, stillThere, toggled, toggledAll } from '../../selection.js';
import { focusWanted } from '../../shell/search-focus.js';
import { EmptyState } from '../../ui/empty-state.js';
import { Pager } from '../../ui/pager.js';
import { Support } from '../../ui/problem-text.js';
import { Shown } from '../../ui/shown.js';
import { Table } from '../../ui/table.js';
import { type Listing, type ListPage, listingOf, queryOf } from './listing.js';
import { useLockEnds } from './lock-ends.js';
import { SelectionBar } from './selection-bar.js';
import type { SubjectItem, SubjectKind } from './subject.js';
import { subjectColumns } from './subject-columns.js';
import { SubjectFilters } from './subject-filters.js';
import { UnlockDialog } from './unlock-dialog.js';

interface SubjectListProps<Item extends SubjectItem> {
  readonly kind: SubjectKind<Item>;
  /** Stands instead of rows where there are none. */
  readonly empty: (listing: Listing) => ComponentChildren;
}

/** The list of accounts or of addresses: filters, rows, ticks, and unlocking one or several. */
export function SubjectList<Item extends SubjectItem>({ kind, empty }: SubjectListProps<Item>) {
  const listing = listingOf(place.value.query);
  const query = { ...queryOf(listing, { cursor: listing.cursor }) };
  const resource = useResource(`${kind.list} ${JSON.stringify(query)}`, (signal) =>
    get<ListPage<Item>>(kind.list, { query, signal }),
  );
  const [selection, setSelection] = useState<Selection>(new Set());
  const [unlocking, setUnlocking] = useState<readonly Item[] | null>(null);
  const items = resource.data?.items ?? [];
  useLockEnds(
    items.flatMap(({ locks }) => locks),
    resource.reload,
  );
  useEffect(() => {
    if (resource.data !== null) focusWanted();
  }, [resource.data]);
  const maximum = bulkMaximum.value;
  // A tick never outlives what was ticked.
  const ticks = stillThere(selection, items);
  const columns = subjectColumns(
    kind,
    listing,
    {
      isTicked: ({ id }) => ticks.has(id),
      isFull: ticks.size >= maximum,
      maximum,
      toggle: ({ id }) => setSelection(toggled(ticks, id, maximum)),
      toggleAll: () => setSelection(toggledAll(ticks, items, maximum)),
      ticked: ticks.size === 0 ? 'none' : ticks.size === Math.min(items.length, maximum) ? 'all' : 'some',
    },
    (item) => setUnlocking([item]),
  );
  return (
    <>
      <SubjectFilters list={kind.list} locked={kind.locked} listing={listing} />
      <div class="card card-flush list-card">
        <div class="card-body">
          <Shown of={resource} lines={6}>
            {(page) =>
              page.items.length === 0 ? (
                viewableRealms.value.length === 0 ? (
                  <NothingToView />
                ) : (
                  empty(listing)
                )
              ) : (
                <Table
                  caption={t(kind.caption)}
                  columns={columns}
                  rows={page.items}
                  rowId={({ id }) => id}
                  isSelected={({ id }) => ticks.has(id)}
                />
              )
            }
          </Shown>
        </div>
      </div>
      <SelectionBar
        offer={offerOf(ticks, items)}
        kind={kind}
        onUnlock={setUnlocking}
        onClear={() => setSelection(new Set())}
      />
      <Pager
        first={listing.cursor === null ? null : hashTo([kind.list], queryOf(listing))}
        next={
          resource.data?.nextCursor
            ? hashTo([kind.list], queryOf(listing, { cursor: resource.data.nextCursor }))
            : null
        }
      />
      {unlocking ? (
        <UnlockDialog
          kind={kind}
          items={unlocking}
          onClose={() => setUnlocking(null)}
          onDone={(done) => {
            setSelection(new Set());
            if (listing.state !== 'locked') return;
            const ids = new Set(done.map(({ id }) => id));
            resource.amend((page) => ({ ...page, items: page.items.filter(({ id }) => !ids.has(id)) }));
          }}
        />
      ) : null}
    </>
  );
}

/** An empty list of somebody who may see none: that is not "nobody is locked". */
function NothingToView() {
  const support = me.value?.realms.find((entry) => entry.support !== undefined)?.support;
  return (
    <EmptyState icon="warning" title={t('console.list.forbidden')}>
      {support === undefined ? null : <Support text={support} />}
    </EmptyState>
  );
}
