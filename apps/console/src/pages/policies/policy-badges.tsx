import type { PolicyBody } from 'nestjs-lockout/admin';
import { t } from '../../messages.js';
import { Time } from '../../time.js';
import { Badge } from '../../ui/badge.js';
import { policyOf } from './policy-body.js';

/** Whether it refuses anybody. */
export function ModeBadge({ body }: { readonly body: PolicyBody }) {
  const { enabled, enforce } = policyOf(body.settings);
  if (!enabled) return <Badge tone="neutral">{t('console.policies.mode.disabled')}</Badge>;
  if (!enforce) return <Badge tone="warning">{t('console.policies.mode.monitor')}</Badge>;
  return <Badge tone="success">{t('console.policies.mode.enforced')}</Badge>;
}

/**
 * Where what governs comes from: code, or a save, which one and whose. `own`: the brand has rules of its own, saved or in
 * code; always so for the policy of all brands.
 */
export function Source({ body, own = true }: { readonly body: PolicyBody; readonly own?: boolean }) {
  const { source, version, savedAt, savedBy } = body;
  if (!own) return <>{t('console.policies.source.global')}</>;
  if (source === 'configured') return <>{t('console.policies.source.configured')}</>;
  return (
    <>
      {t('console.policies.source.saved', { version })}
      {savedBy === null ? null : ` ${t('console.policies.saved-by', { by: savedBy })}`}
      {savedAt === null ? null : (
        <>
          {', '}
          <Time at={savedAt} />
        </>
      )}
    </>
  );
}
