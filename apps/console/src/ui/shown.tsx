import type { ComponentChildren } from 'preact';
import { liveState } from '../live.js';
import { locale, t } from '../messages.js';
import type { Resource } from '../resource.js';
import { shortText } from '../time-text.js';
import { Button } from './button.js';
import { ErrorState } from './error-state.js';
import { Loading } from './loading.js';
import { headline } from './problem-text.js';

/** Shows what was read: while it is on its way, when it failed, and when it is no longer fresh. */
export function Shown<T>({
  of,
  lines,
  children,
}: {
  readonly of: Resource<T>;
  readonly lines?: number;
  readonly children: (data: T) => ComponentChildren;
}) {
  const { data, problem, loadedAt, isLoading, reload } = of;
  // The frame says so already, once for all.
  if (problem?.status === 401 && data === null) return null;
  // What was seen before is no answer to "may I see it" or "is it there".
  if (problem && (data === null || problem.status === 403 || problem.status === 404)) {
    return <ErrorState problem={problem} onRetry={reload} />;
  }
  if (data === null) return <Loading {...(lines === undefined ? {} : { lines })} />;
  return (
    <>
      {problem && loadedAt !== null && liveState.value !== 'offline' ? (
        <div class="notice notice-warning stale" role="status">
          <p>
            <strong>
              {t('console.stale', { time: shortText(new Date(loadedAt).toISOString(), locale(), loadedAt) })}
            </strong>{' '}
            {headline(problem)}
          </p>
          <Button small onClick={reload} busy={isLoading}>
            {t('console.try-again')}
          </Button>
        </div>
      ) : null}
      {children(data)}
    </>
  );
}
