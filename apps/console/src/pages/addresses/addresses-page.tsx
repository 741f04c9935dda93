import { t } from '../../messages.js';
import { to } from '../../router.js';
import { ButtonLink } from '../../ui/button.js';
import { EmptyState } from '../../ui/empty-state.js';
import { Page } from '../../ui/page.js';
import type { Listing } from '../subjects/listing.js';
import { ADDRESSES } from '../subjects/subject.js';
import { SubjectList } from '../subjects/subject-list.js';

/** Which addresses are blocked for everybody; unblocking one or several (OS-15). */
export function AddressesPage() {
  return (
    <Page title={t('console.addresses.title')} lead={t('console.addresses.lead')}>
      <SubjectList kind={ADDRESSES} empty={(listing) => <NoAddresses listing={listing} />} />
    </Page>
  );
}

function NoAddresses({ listing: { q } }: { readonly listing: Listing }) {
  const accounts = <ButtonLink href={to.accounts()}>{t('console.addresses.see-accounts')}</ButtonLink>;
  if (q === null) {
    return (
      <EmptyState title={t('console.addresses.empty.title')}>
        <p>{t('console.addresses.empty.text')}</p>
        {accounts}
      </EmptyState>
    );
  }
  return (
    <EmptyState icon="search" title={t('console.addresses.none.title', { q })}>
      <p>{t('console.addresses.none.text')}</p>
      {accounts}
    </EmptyState>
  );
}
