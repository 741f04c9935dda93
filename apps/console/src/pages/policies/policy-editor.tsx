import { useRef, useState } from 'preact/hooks';
import { t } from '../../messages.js';
import { Button, ButtonLink } from '../../ui/button.js';
import { WORDING } from '../page-wording.js';
import { ConflictPanel } from './conflict-panel.js';
import { type Draft, draftOf, dropDraft, isOutdated, isTouched, keepDraft, newDraft } from './drafts.js';
import { EditorAside } from './editor-aside.js';
import { FormGroups } from './form-groups.js';
import { policyOf } from './policy-body.js';
import { changes } from './policy-changes.js';
import { allProblems, checkForm, isShownAtField, problemWords } from './policy-check.js';
import type { FormContext } from './policy-field.js';
import { draftPolicy, type Form } from './policy-form.js';
import { type PolicyInPlace, tabHref } from './policy-in-place.js';
import { SaveDialog } from './save-dialog.js';
import { useLint } from './use-lint.js';

/** Editing a policy: what was entered is kept until it is saved or discarded. */
export function PolicyEditor({ policy }: { readonly policy: PolicyInPlace }) {
  const { target, body } = policy;
  const [comparing, setComparing] = useState(false);
  const kept = draftOf(target);
  // Whoever changed nothing has nothing to lose: what governs by now is what he edits.
  const draft = isTouched(kept) ? kept : newDraft(body);
  const outdated = isOutdated(draft, body);
  if (outdated && comparing) {
    return <ConflictPanel policy={policy} draft={draft} onSettled={() => setComparing(false)} />;
  }
  // Nobody is taken away from what he is typing.
  return <Editor policy={policy} draft={draft} outdated={outdated} onCompare={() => setComparing(true)} />;
}

interface EditorProps {
  readonly policy: PolicyInPlace;
  readonly draft: Draft;
  /** Somebody else saved since the draft was begun. */
  readonly outdated: boolean;
  readonly onCompare: () => void;
}

function Editor({ policy, draft, outdated, onCompare }: EditorProps) {
  const { target, body } = policy;
  const { form, base } = draft;
  const [saving, setSaving] = useState(false);
  const [asked, setAsked] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  const ours = checkForm(form, body.limits, WORDING);
  const lint = useLint(ours.length === 0 ? draftPolicy(form, body) : null);
  const problems = allProblems(ours, [...lint.problems, ...draft.refused]);
  const changed = changes(base, form, WORDING);
  const enter = (entries: Form): void => {
    setAsked(false);
    keepDraft(target, { ...draft, form: { ...form, ...entries }, refused: [] });
  };
  const save = (): void => {
    setAsked(true);
    if (problems.length > 0) focusFirstProblem(place.current);
    else if (outdated) onCompare();
    else if (changed.length > 0) setSaving(true);
  };
  const context: FormContext = {
    form,
    base,
    limits: body.limits,
    problems,
    hasAccount: policyOf(body.settings).scope.includes('account'),
    onEnter: enter,
  };
  const elsewhere = problems.filter((problem) => !isShownAtField(problem, form));
  return (
    <div class="editor" ref={place}>
      <form
        class="editor-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <p class="muted">{t('console.policies.edit.intro')}</p>
        {outdated ? (
          <div class="notice notice-warning" role="status">
            <p class="notice-title">{t('console.policies.conflict.title')}</p>
            <p>{t('console.policies.conflict.later')}</p>
            <p>
              <Button small onClick={onCompare}>
                {t('console.policies.conflict.compare')}
              </Button>
            </p>
          </div>
        ) : null}
        {elsewhere.length === 0 ? null : (
          <div class="notice notice-danger" role="alert" tabIndex={-1}>
            <p class="notice-title">{t('console.policies.problems', { count: elsewhere.length })}</p>
            <ul>
              {elsewhere.map((problem) => (
                <li key={`${problem.path} ${problem.message}`}>
                  {problemWords(problem, body.limits, WORDING)}
                </li>
              ))}
            </ul>
          </div>
        )}
        <FormGroups context={context} />
        <div class="editor-bar">
          <p aria-live="polite">
            {asked && problems.length > 0
              ? t('console.policies.problems', { count: problems.length })
              : asked && changed.length === 0
                ? t('console.policies.save.nothing')
                : t('console.policies.changes', { count: changed.length })}
          </p>
          {isTouched(draft) ? (
            <Button look="quiet" onClick={() => dropDraft(target)}>
              {t('console.policies.edit.discard')}
            </Button>
          ) : null}
          <ButtonLink href={tabHref(target, 'try')}>{t('console.policies.edit.try')}</ButtonLink>
          <Button type="submit" look="primary">
            {t('console.policies.edit.review')}
          </Button>
        </div>
      </form>
      <EditorAside form={form} body={body} changes={changed} problems={problems} lint={lint} />
      {saving ? (
        <SaveDialog
          policy={policy}
          draft={draft}
          changes={changed}
          warnings={lint.warnings}
          onClose={() => setSaving(false)}
          onConflict={onCompare}
        />
      ) : null}
    </div>
  );
}

/** To the first control that is wrong, opened where it is folded away. */
function focusFirstProblem(place: HTMLElement | null): void {
  const wrong = place?.querySelector<HTMLElement>('[role="alert"], [aria-invalid="true"]');
  wrong?.closest('details')?.setAttribute('open', '');
  wrong?.focus();
}
