import type { EventView } from 'nestjs-lockout/admin';
import { get } from '../../api.js';
import { EventList } from '../../events/event-list.js';
import { t } from '../../messages.js';
import { useResource } from '../../resource.js';
import { to } from '../../router.js';
import { Card } from '../../ui/card.js';
import { EmptyState } from '../../ui/empty-state.js';
import { Shown } from '../../ui/shown.js';

const SHOWN = 8;

/** What happened last. */
export function RecentEvents({ realm }: { readonly realm: string }) {
  const events = useResource(`recent events ${realm}`, (signal) =>
    get<{ readonly items: readonly EventView[] }>('events', { query: { realm, limit: SHOWN }, signal }),
  );
  return (
    <Card
      title={t('console.overview.recent')}
      actions={<a href={to.history({ realm })}>{t('console.overview.recent.all')}</a>}
    >
      <Shown of={events} lines={6}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon="history" title={t('console.overview.recent.none')}>
              {t('console.overview.recent.none-text')}
            </EmptyState>
          ) : (
            <EventList events={items} brief />
          )
        }
      </Shown>
    </Card>
  );
}
