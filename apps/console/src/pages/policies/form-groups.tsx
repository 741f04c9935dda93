import { t } from '../../messages.js';
import { Badge } from '../../ui/badge.js';
import { WORDING } from '../page-wording.js';
import { changes } from './policy-changes.js';
import { problemsAt } from './policy-check.js';
import { type FormContext, PolicyField } from './policy-field.js';
import { FIELDS, type FieldGroup, GROUPS, isPartOf, SELDOM } from './policy-fields.js';

/** The whole form, by what the settings are about. What most policies leave as it is, is folded away. */
export function FormGroups({ context }: { readonly context: FormContext }) {
  const changed = new Set(changes(context.base, context.form, WORDING).map(({ path }) => path));
  return (
    <>
      {GROUPS.map((group) => (
        <Group key={group} group={group} context={context} changed={changed} />
      ))}
    </>
  );
}

interface GroupProps {
  readonly group: FieldGroup;
  readonly context: FormContext;
  readonly changed: ReadonlySet<string>;
}

function Group({ group, context, changed }: GroupProps) {
  const fields = FIELDS.filter((field) => field.group === group);
  if (!fields.some((field) => isPartOf(field, context.form))) return null;
  const title = t(`console.policies.group.${group}`);
  const content = (
    <div class="setting-grid">
      {fields.map((field) => (
        <PolicyField key={field.path} field={field} context={context} />
      ))}
    </div>
  );
  if (!SELDOM.has(group)) {
    return (
      <fieldset class="setting-group">
        <legend>{title}</legend>
        {content}
      </fieldset>
    );
  }
  const count = fields.filter(({ path }) => changed.has(path)).length;
  const wrong = fields
    .filter((field) => isPartOf(field, context.form))
    .reduce((sum, { path }) => sum + problemsAt(context.problems, path).length, 0);
  return (
    <details class="setting-group setting-fold" open={count > 0 || wrong > 0 || undefined}>
      <summary>
        <span class="setting-fold-title">{title}</span>
        {wrong > 0 ? <Badge tone="danger">{t('console.policies.problems', { count: wrong })}</Badge> : null}
        {count > 0 ? <Badge tone="info">{t('console.policies.changes', { count })}</Badge> : null}
      </summary>
      {content}
    </details>
  );
}
