import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';
import { viewableRealms } from '../../me.js';
import { t } from '../../messages.js';
import { navigate, to } from '../../router.js';
import { Button, ButtonLink } from '../../ui/button.js';
import {
  EVENT_TYPES,
  type EventType,
  type HistoryFilter,
  inOneRealm,
  isFiltered,
  placeQuery,
} from './history-filter.js';

/** Chooses what is shown; the choice is part of the address. */
export function HistoryFilters({ filter }: { readonly filter: HistoryFilter }) {
  const [draft, setDraft] = useState(filter);
  const realms = viewableRealms.value;
  const apply = (chosen: HistoryFilter): void => {
    const settled = inOneRealm(chosen, realms);
    setDraft(settled);
    navigate(['history'], placeQuery(settled));
  };
  return (
    <search aria-label={t('console.history.filters')}>
      <form
        class="history-filters"
        onSubmit={(event) => {
          event.preventDefault();
          apply(draft);
        }}
      >
        <Field label={t('console.history.type')}>
          {(id) => (
            <select
              id={id}
              value={draft.type}
              onChange={({ currentTarget }) =>
                apply({ ...draft, type: currentTarget.value as EventType | '' })
              }
            >
              <option value="">{t('console.history.type.all')}</option>
              {EVENT_TYPES.map((type) => (
                <option key={type} value={type}>
                  {t(`console.event.type.${type}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
        {realms.length > 1 || draft.realm !== '' ? (
          <Field label={t('console.history.realm')}>
            {(id) => (
              <select
                id={id}
                value={draft.realm}
                onChange={({ currentTarget }) => apply({ ...draft, realm: currentTarget.value })}
              >
                <option value="">{t('console.history.realm.all')}</option>
                {[...new Set([...realms, draft.realm])].filter(Boolean).map((realm) => (
                  <option key={realm} value={realm}>
                    {realm}
                  </option>
                ))}
              </select>
            )}
          </Field>
        ) : null}
        <Field label={t('console.history.account')}>
          {(id) => (
            <input
              id={id}
              type="text"
              autocomplete="off"
              autocapitalize="off"
              spellcheck={false}
              value={draft.account}
              onInput={({ currentTarget }) => setDraft({ ...draft, account: currentTarget.value })}
            />
          )}
        </Field>
        <Field label={t('console.history.address')}>
          {(id) => (
            <input
              id={id}
              type="text"
              autocomplete="off"
              spellcheck={false}
              value={draft.address}
              onInput={({ currentTarget }) => setDraft({ ...draft, address: currentTarget.value })}
            />
          )}
        </Field>
        <div class="history-buttons">
          <Button type="submit" look="primary">
            {t('console.history.apply')}
          </Button>
          {isFiltered(filter) ? (
            <ButtonLink href={to.history()}>{t('console.history.clear')}</ButtonLink>
          ) : null}
        </div>
        {draft.account.trim() === '' ? null : (
          <label class="check history-unknown">
            <input
              type="checkbox"
              checked={draft.unknown}
              onChange={({ currentTarget }) => setDraft({ ...draft, unknown: currentTarget.checked })}
            />
            {t('console.history.unknown')}
          </label>
        )}
      </form>
    </search>
  );
}

function Field({
  label,
  children,
}: {
  readonly label: string;
  readonly children: (id: string) => ComponentChildren;
}) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children(id)}
    </div>
  );
}
