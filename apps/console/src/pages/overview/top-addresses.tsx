import type { OverviewView } from 'nestjs-lockout/admin';
import { viewableRealms } from '../../me.js';
import { locale, t } from '../../messages.js';
import { to } from '../../router.js';
import { Badge } from '../../ui/badge.js';
import { Card } from '../../ui/card.js';
import { EmptyState } from '../../ui/empty-state.js';

/** Where the trouble comes from, most first; each leads to all that is known about it. */
export function TopAddresses({ overview: { addresses } }: { readonly overview: OverviewView }) {
  const most = Math.max(1, ...addresses.map(({ events }) => events));
  return (
    <Card title={t('console.overview.addresses')}>
      {addresses.length === 0 ? <EmptyState title={t('console.overview.addresses.none')} /> : null}
      <ol class="ranking">
        {addresses.map(({ id, realm, address, events }) => (
          <li key={id}>
            <span class="ranking-name">
              <a href={to.address({ realm, address, id })}>
                <bdi>{address ?? t('console.overview.addresses.unnamed')}</bdi>
              </a>
              {viewableRealms.value.length > 1 ? <Badge>{realm}</Badge> : null}
            </span>
            <span class="ranking-count">
              <span class="visually-hidden">{t('console.overview.addresses.events')}: </span>
              {events.toLocaleString(locale())}
            </span>
            <svg class="ranking-bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
              <rect width={(100 * events) / most} height="1" />
            </svg>
          </li>
        ))}
      </ol>
    </Card>
  );
}
