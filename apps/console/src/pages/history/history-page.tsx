import type { EventView } from 'nestjs-lockout/admin';
import type { Query } from '../../address.js';
import { get, hrefOf } from '../../api.js';
import { EventList } from '../../events/event-list.js';
import { viewableRealms } from '../../me.js';
import { t } from '../../messages.js';
import { useResource } from '../../resource.js';
import { place, to } from '../../router.js';
import { ButtonLink } from '../../ui/button.js';
import { EmptyState } from '../../ui/empty-state.js';
import { Page } from '../../ui/page.js';
import { Pager } from '../../ui/pager.js';
import { Shown } from '../../ui/shown.js';
import { eventsQuery, filterOf, inOneRealm, isFiltered, placeQuery } from './history-filter.js';
import { HistoryFilters } from './history-filters.js';
import '../../styles/check.css';
import '../../styles/history.css';

interface EventPage {
  readonly items: readonly EventView[];
  readonly nextCursor: string | null;
}

/** Pages read on while they come empty: of the events there, all were of realms that are not shown. */
const MOST_PAGES = 10;

async function read(asked: Query, signal: AbortSignal): Promise<EventPage> {
  let page = await get<EventPage>('events', { query: asked, signal });
  for (let pages = 1; pages < MOST_PAGES && page.items.length === 0 && page.nextCursor !== null; pages += 1) {
    page = await get<EventPage>('events', { query: { ...asked, cursor: page.nextCursor }, signal });
  }
  return page;
}

/** The audit record: what happened, to whom, by whom and why, latest first. */
export function HistoryPage() {
  const { query } = place.value;
  const filter = filterOf(query);
  const cursor = query['cursor'];
  const asked = eventsQuery(filter, cursor);
  const events = useResource(`events ${JSON.stringify(asked)}`, (signal) => read(asked, signal));
  return (
    <Page
      title={t('console.history.title')}
      lead={t('console.history.lead')}
      actions={
        <ButtonLink
          href={hrefOf('events/export', placeQuery(inOneRealm(filter, viewableRealms.value)))}
          download
        >
          {t('console.history.export')}
        </ButtonLink>
      }
    >
      <HistoryFilters key={JSON.stringify(filter)} filter={filter} />
      <Shown of={events} lines={10}>
        {({ items, nextCursor }) => (
          <>
            {items.length === 0 ? (
              <Nothing filtered={isFiltered(filter)} />
            ) : (
              <div class="card history-events">
                <EventList events={items} />
              </div>
            )}
            <Pager
              first={cursor === undefined ? null : to.history(placeQuery(filter))}
              next={nextCursor === null ? null : to.history({ ...placeQuery(filter), cursor: nextCursor })}
            />
          </>
        )}
      </Shown>
    </Page>
  );
}

function Nothing({ filtered }: { readonly filtered: boolean }) {
  return (
    <EmptyState icon="history" title={t(filtered ? 'console.history.none' : 'console.history.empty')}>
      {t(filtered ? 'console.history.none-text' : 'console.history.empty-text')}
    </EmptyState>
  );
}
