import { t } from '../../messages.js';
import { Badge } from '../../ui/badge.js';
import type { Warning } from './policy-body.js';

/** The linter's hint where all is well. */
const NOTHING_TO_DO = 'nothing to do';

/** What the linter says, warnings first. */
export function WarningList({ warnings }: { readonly warnings: readonly Warning[] }) {
  if (warnings.length === 0) return <p class="muted">{t('console.policies.lint.none')}</p>;
  const sorted = [...warnings].sort((a, b) => Number(b.level === 'warning') - Number(a.level === 'warning'));
  return (
    <ul class="lint">
      {sorted.map(({ id, level, path, message, hint }) => (
        <li key={`${id} ${path}`}>
          <p>
            <Badge tone={level === 'warning' ? 'warning' : 'neutral'}>
              {t(level === 'warning' ? 'console.policies.lint.warning' : 'console.policies.lint.info')} {id}
            </Badge>{' '}
            {path === 'policy' ? t('console.policies.lint.policy') : <code class="mono">{path}</code>}{' '}
            {message}
          </p>
          {hint === NOTHING_TO_DO ? null : <p class="hint">{t('console.policies.lint.hint', { hint })}</p>}
        </li>
      ))}
    </ul>
  );
}

/** How many warnings there are, where there are any. */
export function WarningCount({ warnings }: { readonly warnings: readonly Warning[] }) {
  const count = warnings.filter(({ level }) => level === 'warning').length;
  return count === 0 ? null : <Badge tone="warning">{t('console.policies.warnings', { count })}</Badge>;
}
