import type { PolicyItem } from 'nestjs-lockout/admin';
import { t } from '../../messages.js';
import { useResource } from '../../resource.js';
import { to } from '../../router.js';
import { EmptyState } from '../../ui/empty-state.js';
import { Page } from '../../ui/page.js';
import { Shown } from '../../ui/shown.js';
import { WORDING } from '../page-wording.js';
import { BrandList } from './brand-list.js';
import { ModeBadge, Source } from './policy-badges.js';
import { policyOf } from './policy-body.js';
import { readPolicies } from './policy-calls.js';
import { policyWords } from './policy-words.js';
import { WarningCount } from './warning-list.js';
import '../../styles/policies.css';

/** Every policy: what it says, what governs, and which brands have rules of their own. */
export function PoliciesPage() {
  const policies = useResource('policies', readPolicies);
  return (
    <Page title={t('console.policies.title')} lead={t('console.policies.intro')}>
      <Shown of={policies} lines={8}>
        {(items) =>
          items.length === 0 ? (
            <EmptyState icon="policies" title={t('console.policies.empty')} />
          ) : (
            <ul class="policy-list">
              {items.map((item) => (
                <li key={item.name}>
                  <PolicyCard item={item} />
                </li>
              ))}
            </ul>
          )
        }
      </Shown>
    </Page>
  );
}

function PolicyCard({ item }: { readonly item: PolicyItem }) {
  return (
    <article class="card policy-card">
      <header class="policy-card-head">
        <h2>
          <a href={to.policy(item.name)}>{item.name}</a>
        </h2>
        <ModeBadge body={item} />
        <WarningCount warnings={item.warnings} />
        <span class="policy-source">
          <Source body={item} />
        </span>
      </header>
      <div class="policy-sentences">
        {policyWords(policyOf(item.settings), WORDING).map((sentence) => (
          <span key={sentence}>{sentence} </span>
        ))}
      </div>
      {item.brands.length === 0 ? null : (
        <div class="policy-brands">
          <h3>{t('console.policies.brands')}</h3>
          <BrandList item={item} />
        </div>
      )}
    </article>
  );
}
