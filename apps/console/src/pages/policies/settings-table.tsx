import type { PolicyBody } from 'nestjs-lockout/admin';
import { t } from '../../messages.js';
import { type Column, Table } from '../../ui/table.js';
import { WORDING } from '../page-wording.js';
import { fieldValue } from './field-value.js';
import { policyOf } from './policy-body.js';
import { fieldLabel } from './policy-changes.js';
import { limitWords } from './policy-check.js';
import { FIELDS, isPartOf } from './policy-fields.js';
import { formOf } from './policy-form.js';
import { scopeWords } from './policy-words.js';

interface SettingRow {
  readonly path: string;
  readonly label: string;
  readonly now: string;
  /** Empty where it is the same. */
  readonly inCode: string;
  readonly limit: string;
}

function rowsOf({ settings, configured, limits }: PolicyBody): readonly SettingRow[] {
  const form = formOf(settings);
  const code = configured ? formOf(configured) : null;
  const parts: readonly SettingRow[] = [
    {
      path: 'counter',
      label: t('console.policies.counter'),
      now: String(settings['counter']),
      inCode: '',
      limit: '',
    },
    {
      path: 'scope',
      label: t('console.policies.scope'),
      now: scopeWords(policyOf(settings), WORDING),
      inCode: '',
      limit: '',
    },
  ];
  const fields = FIELDS.filter((field) => isPartOf(field, form)).map((field): SettingRow => {
    const now = fieldValue(field, form, WORDING);
    const inCode = code && isPartOf(field, code) ? fieldValue(field, code, WORDING) : now;
    const limit = limits[field.path];
    const kind = field.kind === 'duration' ? 'duration' : 'number';
    return {
      path: field.path,
      label: fieldLabel(field, WORDING),
      now,
      inCode: inCode === now ? '' : inCode,
      limit: limit ? limitWords(limit, kind, WORDING) : '',
    };
  });
  return [...parts, ...fields];
}

/** Every setting of a policy, what code says otherwise, and what may be entered. */
export function SettingsTable({ body }: { readonly body: PolicyBody }) {
  const rows = rowsOf(body);
  const optional: readonly Column<SettingRow>[] = [
    { id: 'in-code', title: t('console.policies.in-code'), cell: ({ inCode }) => inCode || null },
    { id: 'limit', title: t('console.policies.limits'), cell: ({ limit }) => limit || null },
  ];
  const shown = optional.filter(({ cell }) => rows.some((row) => cell(row) !== null));
  return (
    <>
      <Table
        caption={t('console.policies.all-settings')}
        columns={[
          { id: 'setting', title: t('console.policies.setting'), isName: true, cell: ({ label }) => label },
          { id: 'now', title: t('console.policies.value'), cell: ({ now }) => now },
          ...shown,
        ]}
        rows={rows}
        rowId={({ path }) => path}
      />
      <p class="hint settings-note">{t('console.policies.key-parts')}</p>
    </>
  );
}
