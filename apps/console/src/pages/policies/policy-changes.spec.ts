import { describe, expect, it } from '@jest/globals';
import { definePolicy, minutes, type PolicyInput } from 'nestjs-lockout/policy';
import { CATALOGUE_WORDING as WORDING } from '../catalogue-wording.js';
import { changes, disagreements, merged, settingsChanges } from './policy-changes.js';
import { type Form, formOf } from './policy-form.js';

const settings = (input: Partial<PolicyInput> = {}) => {
  const { limits: _, ...rest } = definePolicy({
    name: 'login',
    threshold: 5,
    schedule: { kind: 'fixed', durationMs: minutes(15) },
    ...input,
  } as PolicyInput);
  return rest as Readonly<Record<string, unknown>>;
};

const base = formOf(settings());
const entered = (entries: Form): Form => ({ ...base, ...entries });

describe('what differs between two policies', () => {
  it('is told in words, and only where something differs', () => {
    const after = entered({
      threshold: '3',
      'schedule.durationMs': '1',
      'schedule.durationMs#unit': 'hours',
    });
    expect(changes(base, after, WORDING)).toEqual([
      { path: 'threshold', label: 'Number of failures', before: '5', after: '3' },
      { path: 'schedule.durationMs', label: 'Each lock lasts', before: '15 minutes', after: '1 hour' },
    ]);
    expect(changes(base, base, WORDING)).toEqual([]);
  });

  it('is nothing where the same is only said in another unit', () => {
    const after = entered({ 'schedule.durationMs': '0.25', 'schedule.durationMs#unit': 'hours' });
    expect(changes(base, after, WORDING)).toEqual([]);
  });

  it('says which fields come and go with another kind of lock', () => {
    const table = settings({
      schedule: { kind: 'table', rows: [{ failures: 3, lockMs: null }] },
      threshold: undefined,
    } as Partial<PolicyInput>);
    const found = settingsChanges(settings(), table, WORDING);
    expect(found).toContainEqual({
      path: 'threshold',
      label: 'Number of failures',
      before: '5',
      after: null,
    });
    expect(found).toContainEqual({
      path: 'schedule.rows',
      label: 'Failures that lock',
      before: null,
      after: '3 failures: until lifted',
    });
  });

  it('says off and on', () => {
    const after = entered({ 'quickFailure#on': 'on' });
    expect(changes(base, after, WORDING).map(({ before, after: is }) => [before, is])).toEqual([
      ['not in use', '1 second'],
      ['not in use', '1 minute'],
    ]);
  });
});

describe('two people who change one policy', () => {
  const mine = entered({ threshold: '3', 'window.kind': 'idle' });
  const theirs = entered({ threshold: '4', unlockKeepsCount: 'on' });

  it('are told who changed what', () => {
    const found = disagreements(base, mine, theirs, WORDING).map(({ path, changedBy }) => [path, changedBy]);
    expect(found).toContainEqual(['threshold', 'both']);
    expect(found).toContainEqual(['window.kind', 'mine']);
    expect(found).toContainEqual(['unlockKeepsCount', 'theirs']);
  });

  it('lose nothing of either: what one changed alone stands, of the rest what was chosen', () => {
    const result = merged(mine, theirs, new Set(['threshold', 'window.kind', 'window.durationMs']));
    expect(result).toMatchObject({ threshold: '3', 'window.kind': 'idle', unlockKeepsCount: 'on' });
    expect(merged(mine, theirs, new Set())).toEqual(theirs);
  });

  it('keep the rows of a table together', () => {
    const rows = entered({
      'schedule.kind': 'table',
      'schedule.rows#count': '2',
      'schedule.rows.1.failures': '9',
      'schedule.rows.1.lockMs': '2',
      'schedule.rows.1.lockMs#unit': 'days',
      'schedule.rows.1.lockMs#on': 'on',
    });
    const result = merged(rows, theirs, new Set(['schedule.kind', 'schedule.rows']));
    expect(result).toMatchObject({ 'schedule.rows#count': '2', 'schedule.rows.1.failures': '9' });
    expect(disagreements(base, rows, result, WORDING).map(({ path }) => path)).not.toContain('schedule.rows');
  });
});
