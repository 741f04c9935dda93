import type { AccountDetail } from 'nestjs-lockout/admin';
import { useEffect, useState } from 'preact/hooks';
import { get, path } from '../../api.js';
import { may, mayAnywhere, viewableRealms } from '../../me.js';
import { t } from '../../messages.js';
import { useResource } from '../../resource.js';
import { place, to } from '../../router.js';
import { accountName, shortId } from '../../subject-text.js';
import { Badge } from '../../ui/badge.js';
import { Button, ButtonLink } from '../../ui/button.js';
import { EmptyState } from '../../ui/empty-state.js';
import { Page } from '../../ui/page.js';
import { Shown } from '../../ui/shown.js';
import { LockDialog } from '../lock/lock-dialog.js';
import { CountersCard, EventsCard, SummaryCard } from '../subjects/detail-cards.js';
import { useLockEnds } from '../subjects/lock-ends.js';
import { AccountState } from './account-state.js';
import { AttemptCheck } from './attempt-check.js';
import { BLOCKS_ID, BlocksCard } from './blocks-card.js';
import { EraseCard } from './erase-card.js';

/** The segment that stands for a realm where the next one is an opaque id. */
const BY_ID = '-';

interface AccountPageProps {
  readonly realm: string;
  readonly account: string;
}

/** Everything about one account: is it locked, where, why, what happens next; and letting it in. */
export function AccountPage({ realm, account }: AccountPageProps) {
  const resource = useResource(`account ${realm} ${account}`, (signal) =>
    get<AccountDetail>(path('accounts', realm, account), { signal }),
  );
  const { data, problem, reload } = resource;
  const [locking, setLocking] = useState(false);
  useLockEnds(data?.locks ?? [], reload);
  useShown(data !== null);
  const title = data ? accountName(data) : realm === BY_ID ? shortId(account) : account;
  const known = data
    ? { realm: data.realm, account: data.account }
    : realm === BY_ID
      ? null
      : { realm, account };
  const isMissing = problem?.status === 404;
  return (
    <Page
      title={title}
      parent={{ href: to.accounts(), title: t('console.nav.accounts') }}
      lead={
        <span class="lead-badges">
          {known && viewableRealms.value.length > 1 ? <Badge>{known.realm}</Badge> : null}
          {data?.known === false ? <Badge tone="warning">{t('console.account.unknown')}</Badge> : null}
        </span>
      }
      actions={
        known?.account && data?.known !== false && problem?.status !== 403 && may('lock', known.realm) ? (
          <Button onClick={() => setLocking(true)}>{t('console.lock.action')}</Button>
        ) : null
      }
    >
      {isMissing ? (
        <>
          <Missing name={title} />
          {/* What was recorded of it stays in the history for longer than its counters. */}
          {(known ? may('erase', known.realm) : mayAnywhere('erase')) ? (
            <EraseCard name={title} confirm={account} at={[realm, account]} />
          ) : null}
        </>
      ) : (
        <Shown of={resource} lines={8}>
          {(detail) => (
            <>
              <AccountState account={detail} />
              <SummaryCard sentences={detail.summary} />
              <BlocksCard account={detail} />
              {detail.account === null ? null : (
                <AttemptCheck
                  realm={detail.realm}
                  account={detail.account}
                  unknown={detail.known === false}
                />
              )}
              <CountersCard counters={detail.counters} />
              <EventsCard
                events={detail.events}
                all={
                  detail.account === null
                    ? null
                    : to.history({ realm: detail.realm, account: detail.account })
                }
              />
              {may('erase', detail.realm) ? (
                <EraseCard
                  name={accountName(detail)}
                  confirm={detail.account ?? detail.id}
                  at={[BY_ID, detail.id]}
                />
              ) : null}
            </>
          )}
        </Shown>
      )}
      {locking && known?.account ? (
        <LockDialog realm={known.realm} account={known.account} onClose={() => setLocking(false)} />
      ) : null}
    </Page>
  );
}

/** `?show=blocks` leads to the table, once it is there. */
function useShown(isThere: boolean): void {
  const shown = place.value.query['show'];
  useEffect(() => {
    if (shown !== BLOCKS_ID || !isThere) return;
    const card = document.getElementById(BLOCKS_ID);
    card?.scrollIntoView({ block: 'start' });
    card?.focus({ preventScroll: true });
  }, [shown, isThere]);
}

function Missing({ name }: { readonly name: string }) {
  return (
    <div class="card">
      <EmptyState icon="search" title={t('console.account.missing.title', { name })}>
        <p>{t('console.account.missing.text')}</p>
        <ButtonLink href={to.addresses()}>{t('console.accounts.see-addresses')}</ButtonLink>
      </EmptyState>
    </div>
  );
}
