import { t } from '../../messages.js';
import type { Change } from './policy-changes.js';

interface ChangeListProps {
  readonly changes: readonly Change[];
  /** What the two are; for screen readers. */
  readonly before?: string;
  readonly after?: string;
}

/** What differs, field by field: before and after. */
export function ChangeList({
  changes,
  before: beforeTitle = t('console.policies.changes.before'),
  after: afterTitle = t('console.policies.changes.after'),
}: ChangeListProps) {
  if (changes.length === 0) return <p class="muted">{t('console.policies.changes.none')}</p>;
  return (
    <ul class="changes">
      {changes.map(({ path, label, before, after }) => (
        <li key={path}>
          <span class="change-label">{label}</span>
          <span class="change-values">
            <del>
              <span class="visually-hidden">{beforeTitle}: </span>
              {before ?? t('console.policies.changes.absent')}
            </del>
            <span class="change-arrow" aria-hidden="true">
              →
            </span>
            <ins>
              <span class="visually-hidden">{afterTitle}: </span>
              {after ?? t('console.policies.changes.absent')}
            </ins>
          </span>
        </li>
      ))}
    </ul>
  );
}
