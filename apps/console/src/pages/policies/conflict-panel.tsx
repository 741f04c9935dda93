import { useEffect, useRef, useState } from 'preact/hooks';
import { t } from '../../messages.js';
import { Badge } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { WORDING } from '../page-wording.js';
import { type Draft, dropDraft, keepDraft } from './drafts.js';
import { type Disagreement, disagreements, merged } from './policy-changes.js';
import { formOf } from './policy-form.js';
import type { PolicyInPlace } from './policy-in-place.js';

interface ConflictPanelProps {
  readonly policy: PolicyInPlace;
  readonly draft: Draft;
  readonly onSettled: () => void;
}

/** Somebody else saved meanwhile: theirs beside mine, field by field; nothing that was typed is lost. */
export function ConflictPanel({ policy, draft, onSettled }: ConflictPanelProps) {
  const { target, body } = policy;
  const theirs = formOf(body.settings);
  const differing = disagreements(draft.base, draft.form, theirs, WORDING);
  // By default everybody keeps what he changed; where both changed it, what was entered here stands.
  const mineByDefault = differing.filter(({ changedBy }) => changedBy !== 'theirs').map(({ path }) => path);
  const [chosen, setChosen] = useState<ReadonlySet<string> | null>(null);
  const mine = chosen ?? new Set(mineByDefault);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const choose = (path: string, isMine: boolean): void => {
    const others = [...mine].filter((one) => one !== path);
    setChosen(new Set(isMine ? [...others, path] : others));
  };
  const goOn = (): void => {
    const form = merged(draft.form, theirs, mine);
    keepDraft(target, { ...draft, version: body.version, base: theirs, form, refused: [] });
    onSettled();
  };
  return (
    <section class="card conflict" aria-labelledby="conflict-heading">
      <header class="card-head">
        <h2 id="conflict-heading" ref={heading} tabIndex={-1}>
          {t('console.policies.conflict.title')}
        </h2>
      </header>
      <div class="card-body stack">
        <p>
          {body.source === 'saved' || body.version > 0
            ? t('console.policies.conflict.who', {
                version: body.version,
                by: body.savedBy ?? '?',
                reason: body.reason ?? '–',
              })
            : null}{' '}
          {body.source === 'configured' && body.version > 0 ? t('console.policies.conflict.removed') : null}
        </p>
        <p>
          {t(differing.length === 0 ? 'console.policies.conflict.none' : 'console.policies.conflict.intro')}
        </p>
        <ul class="disagreements" aria-label={t('console.policies.conflict.caption')}>
          {differing.map((one) => (
            <li key={one.path}>
              <Choice one={one} isMine={mine.has(one.path)} onChoose={(isMine) => choose(one.path, isMine)} />
            </li>
          ))}
        </ul>
        <div class="conflict-buttons">
          <Button look="primary" onClick={goOn}>
            {t('console.policies.conflict.go-on')}
          </Button>
          <Button
            onClick={() => {
              dropDraft(target);
              onSettled();
            }}
          >
            {t('console.policies.conflict.discard')}
          </Button>
        </div>
      </div>
    </section>
  );
}

interface ChoiceProps {
  readonly one: Disagreement;
  readonly isMine: boolean;
  readonly onChoose: (isMine: boolean) => void;
}

function Choice({ one: { path, label, before, after, changedBy }, isMine, onChoose }: ChoiceProps) {
  const sides = [
    { mine: true, title: t('console.policies.conflict.mine'), value: after },
    { mine: false, title: t('console.policies.conflict.theirs'), value: before },
  ];
  return (
    <fieldset class="disagreement">
      <legend>
        {label}{' '}
        {changedBy === 'both' ? <Badge tone="warning">{t('console.policies.conflict.both')}</Badge> : null}
      </legend>
      {sides.map(({ mine, title, value }) => (
        <label key={title} class={`side-choice${mine === isMine ? ' is-chosen' : ''}`}>
          <input
            type="radio"
            name={`conflict-${path}`}
            checked={mine === isMine}
            onChange={() => onChoose(mine)}
          />
          <span class="side-title">{title}</span>
          <span class="side-value">{value ?? t('console.policies.changes.absent')}</span>
        </label>
      ))}
    </fieldset>
  );
}
