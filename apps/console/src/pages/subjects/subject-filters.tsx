import { hashTo } from '../../address.js';
import { me, viewableRealms } from '../../me.js';
import { type MessageId, t } from '../../messages.js';
import { navigate } from '../../router.js';
import { type Listing, queryOf, SORTS, type Sort } from './listing.js';

const STATES = ['locked', 'any'] as const;

const SORT_TITLES: Readonly<Record<Exclude<Sort, 'since'>, MessageId>> = {
  until: 'console.list.column.until',
  lastFailureAt: 'console.list.column.last-failure',
};

/** Which of them, of which realm, in which order, and what was searched for. */
export function SubjectFilters({
  list,
  locked,
  listing,
}: {
  readonly list: 'accounts' | 'addresses';
  /** What being locked is called. */
  readonly locked: MessageId;
  readonly listing: Listing;
}) {
  const realms = viewableRealms.value;
  const go = (change: Partial<Listing>): void => navigate([list], queryOf(listing, change));
  return (
    <div class="filters">
      <nav class="segments" aria-label={t('console.list.state')}>
        {STATES.map((state) => (
          <a
            key={state}
            href={hashTo([list], queryOf(listing, { state }))}
            aria-current={state === listing.state ? 'page' : undefined}
          >
            {t(state === 'locked' ? locked : 'console.list.any')}
          </a>
        ))}
      </nav>
      {realms.length > 1 ? (
        <select
          aria-label={t('console.list.realm')}
          value={listing.realm ?? ''}
          onChange={(event) => go({ realm: event.currentTarget.value || null })}
        >
          <option value="">{t('console.list.realm.all')}</option>
          {realms.map((realm) => (
            <option key={realm} value={realm}>
              {realm}
            </option>
          ))}
        </select>
      ) : null}
      {listing.q === null ? null : (
        <p class="searched">
          <bdi>{t('console.list.searched', { q: listing.q })}</bdi>
          <a href={hashTo([list], queryOf(listing, { q: null, state: 'locked' }))}>
            {t('console.list.clear')}
          </a>
        </p>
      )}
      {listing.q !== null && me.value?.labels === false ? (
        <p class="hint">{t('console.list.by-id-only')}</p>
      ) : null}
      <label class="filters-end filters-sort">
        <span>{t('console.list.sort')}</span>
        <select
          value={listing.sort}
          onChange={(event) => {
            const { value } = event.currentTarget;
            const sort = SORTS.find((name) => name === value);
            if (sort) go({ sort });
          }}
        >
          {SORTS.map((sort) => (
            <option key={sort} value={sort}>
              {t(sort === 'since' ? locked : SORT_TITLES[sort])}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}
