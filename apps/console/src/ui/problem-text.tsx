import { spelled } from '../foreign-text.js';
import { t, textOf } from '../messages.js';
import type { Problem } from '../problem.js';

/** Why nothing came of it, what can be done, and who can help (OS-18). */
export function ProblemText({ problem }: { readonly problem: Problem }) {
  const { detail, errors, support } = problem;
  return (
    <div class="notice notice-danger" role="alert">
      <p class="notice-title">{headline(problem)}</p>
      {detail && problem.status !== 0 ? <p>{spelled(detail)}</p> : null}
      {errors.length > 1 ? (
        <ul>
          {errors.map(({ path, message, account, address, id, reason }) => (
            <li key={`${path} ${account ?? address ?? id}`}>
              {spelled(
                message ?? [account ?? address ?? id, reasonText(reason ?? '')].filter(Boolean).join(': '),
              )}
            </li>
          ))}
        </ul>
      ) : null}
      {support ? <Support text={support} /> : null}
    </div>
  );
}

/** Whom to turn to. */
export const Support = ({ text }: { readonly text: string }) => (
  <p class="support">{t('console.support', { support: text })}</p>
);

/** What kind of thing went wrong, in one line. */
export function headline({ status }: Problem): string {
  return (
    textOf(`console.problem.${status}`) ?? t(status >= 500 ? 'console.problem.500' : 'console.problem.other')
  );
}

/** Why something cannot be unlocked: the library's codes in words, the application's own words as they are. */
export const reasonText = (reason: string): string =>
  textOf(`console.ineligible.${reason}`) ?? spelled(reason);
