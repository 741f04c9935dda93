import { describe, expect, it } from '@jest/globals';
import {
  definePolicy,
  type LockoutPolicy,
  minutes,
  type PolicyInput,
  presets,
  seconds,
} from 'nestjs-lockout/policy';
import { CATALOGUE_WORDING } from '../catalogue-wording.js';
import { FIELDS, isPartOf } from './policy-fields.js';
import { draftPolicy, type Form, formOf, settingsOf } from './policy-form.js';

const settingsIn = (policy: LockoutPolicy) =>
  Object.fromEntries(Object.entries(policy).filter(([field]) => field !== 'limits'));

const defined = (policy: Readonly<Record<string, unknown>>) => definePolicy(policy as unknown as PolicyInput);

const all = Object.values(presets)
  .flatMap((preset) => preset())
  .map((policy) => [policy.name, policy] as const);

/** Every field has something to say. */
const full = definePolicy({
  name: 'full',
  enabled: false,
  enforce: false,
  counts: ['password', 'totp'],
  refuses: 'all',
  threshold: 3,
  locksOn: 'exceeding',
  schedule: { kind: 'exponential', initialMs: 1500, factor: 1.5, by: 'failures', maximumMs: minutes(90) },
  afterLock: 'relock-at-each-multiple',
  window: {
    kind: 'idle',
    durationMs: minutes(20),
    anchor: 'later-of-failure-and-lock-end',
    end: 'inclusive',
  },
  escalationWindow: { durationMs: minutes(7) },
  indefiniteAfterLockouts: 4,
  indefiniteAfterFailures: 40,
  onSuccess: 'clear-own-address',
  onPasswordReset: 'keep',
  selfService: 'none',
  unlockKeepsEscalation: true,
  unlockKeepsCount: true,
  unknownAccounts: 'ignore',
  exempt: { accounts: ['root'], addresses: ['10.0.0.0/8', '::1'] },
  weights: { totp: 2 },
  minIntervalMs: seconds(2),
  quickFailure: { withinMs: seconds(1), lockMs: minutes(1) },
  attemptTimeoutMs: minutes(1),
  abandonAllowance: 0,
  retentionMs: minutes(500),
  notify: { from: 2 },
  messages: ['Wait {minutes} minutes.', 'No.'],
});

describe('a policy as a form', () => {
  it.each([...all, ['full', full] as const])('says the same as before: %s', (_, policy) => {
    const settings = settingsIn(policy);
    const form = formOf(settings);
    expect(defined(draftPolicy(form, { settings, limits: policy.limits }))).toEqual(policy);
  });

  it('says the same of a table with an indefinite row', () => {
    const policy = definePolicy({
      name: 'table',
      schedule: {
        kind: 'table',
        rows: [
          { failures: 3, lockMs: seconds(30) },
          { failures: 6, lockMs: null },
        ],
      },
    });
    const settings = settingsIn(policy);
    expect(defined(draftPolicy(formOf(settings), { settings, limits: {} }))).toEqual(policy);
  });

  it('leaves out what no save may change', () => {
    const settings = settingsIn(full);
    const sent = settingsOf(formOf(settings), settings);
    expect(Object.keys(sent)).not.toEqual(expect.arrayContaining(['name']));
    for (const fixed of ['name', 'counter', 'scope', 'limits']) expect(sent).not.toHaveProperty(fixed);
  });

  it('keeps settings that this console does not know', () => {
    const settings = { ...settingsIn(full), fromANewerRelease: { deep: 1 } };
    expect(settingsOf(formOf(settings), settings)).toMatchObject({ fromANewerRelease: { deep: 1 } });
  });

  it('can be changed from every kind of lock to every other, and is a policy each time', () => {
    const kinds = FIELDS.find(({ path }) => path === 'schedule.kind')?.options ?? [];
    expect(kinds).toHaveLength(6);
    for (const [, policy] of all) {
      const settings = settingsIn(policy);
      for (const kind of kinds) {
        const form: Form = { ...formOf(settings), 'schedule.kind': kind };
        const changed = defined(draftPolicy(form, { settings, limits: {} }));
        expect(changed.schedule.kind).toBe(kind);
      }
    }
  });

  it('switches off what can be off', () => {
    const settings = settingsIn(full);
    const off = [
      'retentionMs',
      'indefiniteAfterLockouts',
      'quickFailure',
      'notify',
      'minIntervalMs',
      'schedule.maximumMs',
    ];
    const form: Form = { ...formOf(settings), ...Object.fromEntries(off.map((path) => [`${path}#on`, ''])) };
    const policy = defined(draftPolicy(form, { settings, limits: {} }));
    expect(policy).toMatchObject({
      retentionMs: null,
      indefiniteAfterLockouts: null,
      quickFailure: null,
      notify: null,
      minIntervalMs: 0,
    });
    expect(policy.schedule).not.toHaveProperty('maximumMs');
  });

  it('sends what is no number as it was typed, so that the server says what it thinks of it', () => {
    const settings = settingsIn(full);
    const form: Form = { ...formOf(settings), threshold: 'many', 'schedule.initialMs': '', weights: 'totp' };
    expect(settingsOf(form, settings)).toMatchObject({
      threshold: 'many',
      schedule: { initialMs: '' },
      weights: { totp: '' },
    });
  });

  it('has a text for every field, every choice and every group', () => {
    const { text } = CATALOGUE_WORDING;
    const kebab = (path: string) => path.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    for (const { path, group, options = [] } of FIELDS) {
      expect(text(`console.policies.field.${kebab(path)}`)).not.toBe('');
      expect(text(`console.policies.group.${group}`)).not.toBe('');
      for (const option of options)
        expect(text(`console.policies.option.${kebab(path)}.${option}`)).not.toBe('');
    }
  });

  it('has a field for everything that a policy says, except what no save may change', () => {
    const fields = new Set(FIELDS.map(({ path }) => path.split('.')[0]));
    const fixed = ['name', 'counter', 'scope', 'limits'];
    expect(Object.keys(full).filter((name) => !fields.has(name) && !fixed.includes(name))).toEqual([]);
    expect(FIELDS.filter((field) => isPartOf(field, formOf(settingsIn(full)))).length).toBeGreaterThan(35);
  });
});
