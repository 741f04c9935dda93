import type { AddressDetail } from 'nestjs-lockout/admin';
import { useState } from 'preact/hooks';
import { get, path } from '../../api.js';
import { viewableRealms } from '../../me.js';
import { t } from '../../messages.js';
import { useResource } from '../../resource.js';
import { to } from '../../router.js';
import { addressName, shortId } from '../../subject-text.js';
import { Badge } from '../../ui/badge.js';
import { Button, ButtonLink } from '../../ui/button.js';
import { EmptyState } from '../../ui/empty-state.js';
import { Icon } from '../../ui/icon.js';
import { Page } from '../../ui/page.js';
import { reasonText, Support } from '../../ui/problem-text.js';
import { Shown } from '../../ui/shown.js';
import { CountersCard, EventsCard, SummaryCard } from '../subjects/detail-cards.js';
import { useLockEnds } from '../subjects/lock-ends.js';
import { LockLine } from '../subjects/lock-line.js';
import { ADDRESSES } from '../subjects/subject.js';
import { UnlockDialog } from '../subjects/unlock-dialog.js';

const BY_ID = '-';

interface AddressPageProps {
  readonly realm: string;
  readonly address: string;
}

/** One address as such: whether it is blocked for everybody, why, and unblocking it (OS-15). */
export function AddressPage({ realm, address }: AddressPageProps) {
  const resource = useResource(`address ${realm} ${address}`, (signal) =>
    get<AddressDetail>(path('addresses', realm, address), { signal }),
  );
  const { data, problem, reload } = resource;
  useLockEnds(data?.locks ?? [], reload);
  const title = data ? addressName(data) : realm === BY_ID ? shortId(address) : address;
  return (
    <Page
      title={title}
      parent={{ href: to.addresses(), title: t('console.nav.addresses') }}
      lead={data && viewableRealms.value.length > 1 ? <Badge>{data.realm}</Badge> : null}
    >
      {problem?.status === 404 ? (
        <div class="card">
          <EmptyState icon="search" title={t('console.address.missing.title', { name: title })}>
            <p>{t('console.addresses.none.text')}</p>
            <ButtonLink href={to.accounts()}>{t('console.addresses.see-accounts')}</ButtonLink>
          </EmptyState>
        </div>
      ) : (
        <Shown of={resource} lines={8}>
          {(detail) => (
            <>
              <AddressState address={detail} />
              <SummaryCard sentences={detail.summary} />
              <CountersCard counters={detail.counters} />
              <EventsCard
                events={detail.events}
                all={
                  detail.address === null
                    ? null
                    : to.history({ realm: detail.realm, address: detail.address })
                }
              />
            </>
          )}
        </Shown>
      )}
    </Page>
  );
}

function AddressState({ address }: { readonly address: AddressDetail }) {
  const [unlocking, setUnlocking] = useState<AddressDetail | null>(null);
  return (
    <>
      <Banner address={address} onUnlock={() => setUnlocking(address)} />
      {unlocking ? (
        <UnlockDialog kind={ADDRESSES} items={[unlocking]} onClose={() => setUnlocking(null)} />
      ) : null}
    </>
  );
}

function Banner({ address, onUnlock }: { readonly address: AddressDetail; readonly onUnlock: () => void }) {
  const name = addressName(address);
  const isRefusing = address.counters.some(({ lock, refusesNow }) => lock !== null && refusesNow !== null);
  if (!isRefusing) {
    return (
      <section
        class="notice notice-success state-banner"
        aria-label={t('console.address.free.title', { name })}
      >
        <Icon name="check" />
        <div>
          <p class="notice-title">{t('console.address.free.title', { name })}</p>
          <p>{t('console.address.free.text')}</p>
        </div>
      </section>
    );
  }
  const { unlockable, reasons, support, locks } = address;
  return (
    <section
      class="notice notice-danger state-banner"
      aria-label={t('console.address.blocked.title', { name })}
    >
      <Icon name="warning" />
      <div>
        <p class="notice-title">{t('console.address.blocked.title', { name })}</p>
        <p>{t('console.address.blocked.text')}</p>
        {locks.map((lock) => (
          <p key={lock.id}>
            <LockLine lock={{ ...lock, address: null }} />
          </p>
        ))}
        {unlockable ? null : (
          <p>
            {t('console.address.cannot-unlock')}: {reasons.map(reasonText).join('; ')}
          </p>
        )}
        {!unlockable && support ? <Support text={support} /> : null}
      </div>
      {unlockable ? (
        <Button look="primary" onClick={onUnlock}>
          {t('console.unlock.address')}
        </Button>
      ) : null}
    </section>
  );
}
