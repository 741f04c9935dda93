import type { PolicyBody } from 'nestjs-lockout/admin';
import { useRef } from 'preact/hooks';
import { t } from '../../messages.js';
import { WORDING } from '../page-wording.js';
import { ChangeList } from './change-list.js';
import { policyOf, type SettingsProblem } from './policy-body.js';
import type { Change } from './policy-changes.js';
import { draftPolicy, type Form } from './policy-form.js';
import { policyWords } from './policy-words.js';
import type { Lint } from './use-lint.js';
import { WarningList } from './warning-list.js';

interface EditorAsideProps {
  readonly form: Form;
  readonly body: PolicyBody;
  readonly changes: readonly Change[];
  readonly problems: readonly SettingsProblem[];
  readonly lint: Lint;
}

/** Beside the form: what it would mean, what it would change, and what the linter says of it. */
export function EditorAside({ form, body, changes, problems, lint }: EditorAsideProps) {
  // The last policy that was one: while a number is being typed the words do not come and go.
  const words = useRef<readonly string[]>([]);
  if (problems.length === 0) {
    const policy = policyOf(draftPolicy(form, body));
    words.current = policyWords(policy, WORDING);
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what is scrolled must be reached by keyboard
    <aside class="editor-aside" tabIndex={0} aria-label={t('console.policies.edit.preview')}>
      <section>
        <h2>{t('console.policies.edit.preview')}</h2>
        <ul class={`policy-words${problems.length > 0 ? ' is-stale' : ''}`}>
          {words.current.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      </section>
      <section>
        <h2>{t('console.policies.changes', { count: changes.length })}</h2>
        <ChangeList changes={changes} />
      </section>
      <section>
        <h2>
          {t('console.policies.lint.title')}
          {lint.state === 'checking' ? <span class="spinner" aria-hidden="true" /> : null}
        </h2>
        {lint.state === 'unknown' ? <p class="hint">{t('console.policies.edit.unchecked')}</p> : null}
        {problems.length > 0 ? (
          <p class="field-error">{t('console.policies.problems', { count: problems.length })}</p>
        ) : null}
        {lint.warnings.length > 0 || (lint.state === 'checked' && problems.length === 0) ? (
          <WarningList warnings={lint.warnings} />
        ) : null}
      </section>
    </aside>
  );
}
