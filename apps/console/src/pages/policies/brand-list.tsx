import type { PolicyItem } from 'nestjs-lockout/admin';
import { spelled } from '../../foreign-text.js';
import { t } from '../../messages.js';
import { to } from '../../router.js';
import { WORDING } from '../page-wording.js';
import { ModeBadge } from './policy-badges.js';
import { settingsChanges } from './policy-changes.js';
import { WarningCount } from './warning-list.js';

/** Brands with rules of their own, and how far they differ. */
export function BrandList({ item }: { readonly item: PolicyItem }) {
  return (
    <ul class="brand-list">
      {item.brands.map((body) => (
        <li key={body.brand}>
          <a href={to.policy(item.name, body.brand ?? '')}>
            <bdi>{spelled(body.brand ?? '')}</bdi>
          </a>
          <span class="muted">
            {t('console.policies.brands.differs', {
              count: settingsChanges(item.settings, body.settings, WORDING).length,
            })}
          </span>
          <ModeBadge body={body} />
          <WarningCount warnings={body.warnings} />
        </li>
      ))}
    </ul>
  );
}
