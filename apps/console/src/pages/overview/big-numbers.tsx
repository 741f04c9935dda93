import type { OverviewView } from 'nestjs-lockout/admin';
import type { ComponentChildren } from 'preact';
import { locale, t } from '../../messages.js';
import { to } from '../../router.js';
import { Icon } from '../../ui/icon.js';
import { total } from './activity.js';

/** What is locked now, what was turned away in the last hour (`overview` is of one), and whether the store can say so. */
export function BigNumbers({ overview, realm }: { readonly overview: OverviewView; readonly realm: string }) {
  const { locks, slices, processes, store } = overview;
  return (
    <ul class="big-numbers">
      <Big title={t('console.overview.locked-accounts')} value={locks.accounts} alarm={locks.accounts > 0}>
        <a href={to.accounts({ realm })}>{t('console.overview.locked-accounts.see')}</a>
      </Big>
      <Big
        title={t('console.overview.blocked-addresses')}
        value={locks.addresses}
        alarm={locks.addresses > 0}
      >
        <a href={to.addresses({ realm })}>{t('console.overview.blocked-addresses.see')}</a>
      </Big>
      <Big title={t('console.overview.refused')} value={total(slices, 'refused')}>
        {t('console.overview.refused.note')}
      </Big>
      <li class={`big-number big-${store}`}>
        <span class="big-title">{t('console.overview.store')}</span>
        <span class="big-state">
          <Icon name={store === 'well' ? 'check' : 'warning'} />
          {t(`console.overview.store.${store}`)}
        </span>
        <span class="big-note">
          {t(`console.overview.store.${store}.note`)}
          {processes.length > 0 ? (
            <span class="big-processes" title={processes.map(({ label }) => label).join(', ')}>
              {t('console.overview.processes', { count: processes.length })}
            </span>
          ) : null}
        </span>
      </li>
    </ul>
  );
}

function Big({
  title,
  value,
  alarm = false,
  children,
}: {
  readonly title: string;
  readonly value: number;
  readonly alarm?: boolean;
  readonly children: ComponentChildren;
}) {
  return (
    <li class={`big-number${alarm ? ' is-alarming' : ''}`}>
      <span class="big-title">{title}</span>
      <span class="big-value">{value.toLocaleString(locale())}</span>
      <span class="big-note">{children}</span>
    </li>
  );
}
