import { t } from '../messages.js';
import type { Problem } from '../problem.js';
import { Button } from './button.js';
import { ProblemText } from './problem-text.js';

/** What could not be read, and a way to try again where that may help. */
export function ErrorState({
  problem,
  onRetry,
}: {
  readonly problem: Problem;
  readonly onRetry?: () => void;
}) {
  return (
    <div class="error-state">
      <ProblemText problem={problem} />
      {onRetry && problem.status !== 403 ? <Button onClick={onRetry}>{t('console.try-again')}</Button> : null}
    </div>
  );
}
