import type { LockView } from 'nestjs-lockout/admin';
import { t } from '../../messages.js';
import { isManual, whyText } from '../../subject-text.js';
import { Until } from '../../time.js';

/** A lock in one line: why, where, until when. */
export function LockLine({ lock }: { readonly lock: LockView }) {
  const { address, policy, until } = lock;
  return (
    <>
      {whyText(lock)}
      {isManual(lock) ? null : ` · ${t('console.list.policy', { policy })}`}
      {address === null ? null : (
        <>
          {' · '}
          <bdi>{address}</bdi>
        </>
      )}
      {' · '}
      <Until until={until} words />
    </>
  );
}
