import { t } from '../messages.js';
import { to } from '../router.js';
import { ButtonLink } from '../ui/button.js';
import { EmptyState } from '../ui/empty-state.js';
import { Page } from '../ui/page.js';

/** A link that leads nowhere: an old one, or one that was cut off. */
export function NotFoundPage() {
  return (
    <Page title={t('console.not-found.title')}>
      <EmptyState icon="search" title={t('console.not-found.text')}>
        <ButtonLink href={to.accounts()}>{t('console.nav.accounts')}</ButtonLink>
      </EmptyState>
    </Page>
  );
}
