import { me } from '../../me.js';
import { t } from '../../messages.js';
import { to } from '../../router.js';
import { ButtonLink } from '../../ui/button.js';
import { EmptyState } from '../../ui/empty-state.js';
import { Page } from '../../ui/page.js';
import type { Listing } from '../subjects/listing.js';
import { ACCOUNTS } from '../subjects/subject.js';
import { SubjectList } from '../subjects/subject-list.js';

/** Who is locked, why and until when; unlocking one or several. */
export function AccountsPage() {
  const mayLock = me.value?.realms.some(({ lock }) => lock) ?? false;
  return (
    <Page
      title={t('console.accounts.title')}
      lead={t('console.accounts.lead')}
      actions={mayLock ? <ButtonLink href={to.lock()}>{t('console.accounts.lock')}</ButtonLink> : null}
    >
      <SubjectList kind={ACCOUNTS} empty={(listing) => <NoAccounts listing={listing} />} />
    </Page>
  );
}

function NoAccounts({ listing: { q } }: { readonly listing: Listing }) {
  const addresses = <ButtonLink href={to.addresses()}>{t('console.accounts.see-addresses')}</ButtonLink>;
  if (q === null) {
    return (
      <EmptyState title={t('console.accounts.empty.title')}>
        <p>{t('console.accounts.empty.text')}</p>
        {addresses}
      </EmptyState>
    );
  }
  return (
    <EmptyState icon="search" title={t('console.accounts.none.title', { q })}>
      <p>{t('console.accounts.none.text')}</p>
      {addresses}
    </EmptyState>
  );
}
