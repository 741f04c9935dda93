import type { Form } from './policy-form.js';

/** How a field is entered. Everything is kept as it was typed; see {@link Form}. */
export type FieldKind =
  | 'switch'
  | 'choice'
  | 'number'
  | 'duration'
  /** A list, one a line. */
  | 'lines'
  /** `all`, or a list. */
  | 'methods'
  /** `method 2`, one a line. */
  | 'weights'
  /** The rows of a table. */
  | 'rows';

export type FieldGroup =
  | 'mode'
  | 'locks'
  | 'length'
  | 'forgetting'
  | 'endless'
  | 'lifting'
  | 'counting'
  | 'pace'
  | 'rest';

/** What an administrator may switch off: the key of the switch is `<at>#on`. */
export interface OffSwitch {
  /** What is written when it is off, and where. */
  readonly at: string;
  readonly off: 'null' | 'absent' | 'zero';
}

/** One setting of a policy that can be entered. */
export interface Field {
  /** Dotted, within the settings. */
  readonly path: string;
  readonly kind: FieldKind;
  readonly group: FieldGroup;
  readonly options?: readonly string[];
  /** The options where the policy counts by no account. */
  readonly withoutAccount?: readonly string[];
  /** What is meant where the settings have nothing; not written either then. */
  readonly fallback?: string;
  readonly offSwitch?: OffSwitch;
  /** Smallest number; durations in ms. Default 1. */
  readonly min?: number;
  /** Only whole numbers. Default `true`. */
  readonly whole?: boolean;
  /** Whether the rule has this field at all. Default: always. */
  readonly isPart?: (form: Form) => boolean;
}

const schedule = (form: Form): string => form['schedule.kind'] ?? '';
const window = (form: Form): string => form['window.kind'] ?? '';
const isOneOf =
  (read: (form: Form) => string, ...kinds: readonly string[]) =>
  (form: Form): boolean =>
    kinds.includes(read(form));
const isNo =
  (read: (form: Form) => string, kind: string) =>
  (form: Form): boolean =>
    read(form) !== kind;

const isNoTable = isNo(schedule, 'table');
const grows = isOneOf(schedule, 'exponential', 'linear', 'multiples');
const quick: OffSwitch = { at: 'quickFailure', off: 'null' };

/** Everything that a save may change, in the order of the form. Name, counter and scope are part of every stored key. */
export const FIELDS: readonly Field[] = [
  { path: 'enabled', kind: 'switch', group: 'mode' },
  { path: 'enforce', kind: 'switch', group: 'mode' },

  { path: 'threshold', kind: 'number', group: 'locks', isPart: isNoTable },
  { path: 'locksOn', kind: 'choice', group: 'locks', options: ['reaching', 'exceeding'], isPart: isNoTable },
  {
    path: 'afterLock',
    kind: 'choice',
    group: 'locks',
    options: ['relock-on-next-failure', 'relock-at-each-multiple', 'fresh-budget', 'fresh-budget-at-end'],
    isPart: isNoTable,
  },

  {
    path: 'schedule.kind',
    kind: 'choice',
    group: 'length',
    options: ['fixed', 'exponential', 'linear', 'multiples', 'table', 'indefinite'],
  },
  { path: 'schedule.durationMs', kind: 'duration', group: 'length', isPart: isOneOf(schedule, 'fixed') },
  {
    path: 'schedule.initialMs',
    kind: 'duration',
    group: 'length',
    isPart: isOneOf(schedule, 'exponential', 'linear'),
  },
  {
    path: 'schedule.factor',
    kind: 'number',
    group: 'length',
    whole: false,
    isPart: isOneOf(schedule, 'exponential'),
  },
  {
    path: 'schedule.stepMs',
    kind: 'duration',
    group: 'length',
    min: 0,
    isPart: isOneOf(schedule, 'linear', 'multiples'),
  },
  { path: 'schedule.by', kind: 'choice', group: 'length', options: ['lockouts', 'failures'], isPart: grows },
  {
    path: 'schedule.maximumMs',
    kind: 'duration',
    group: 'length',
    offSwitch: { at: 'schedule.maximumMs', off: 'absent' },
    isPart: grows,
  },
  { path: 'schedule.rows', kind: 'rows', group: 'length', isPart: isOneOf(schedule, 'table') },

  {
    path: 'window.kind',
    kind: 'choice',
    group: 'forgetting',
    options: ['none', 'idle', 'fixed', 'sliding'],
  },
  { path: 'window.durationMs', kind: 'duration', group: 'forgetting', isPart: isNo(window, 'none') },
  {
    path: 'window.anchor',
    kind: 'choice',
    group: 'forgetting',
    options: ['last-failure', 'later-of-failure-and-lock-end'],
    fallback: 'last-failure',
    isPart: isOneOf(window, 'idle'),
  },
  {
    path: 'window.end',
    kind: 'choice',
    group: 'forgetting',
    options: ['exclusive', 'inclusive'],
    fallback: 'exclusive',
    isPart: isNo(window, 'none'),
  },
  {
    path: 'escalationWindow.kind',
    kind: 'choice',
    group: 'forgetting',
    options: ['with-failures', 'never', 'duration'],
  },
  {
    path: 'escalationWindow.durationMs',
    kind: 'duration',
    group: 'forgetting',
    isPart: isOneOf((form) => form['escalationWindow.kind'] ?? '', 'duration'),
  },
  {
    path: 'retentionMs',
    kind: 'duration',
    group: 'forgetting',
    offSwitch: { at: 'retentionMs', off: 'null' },
  },

  {
    path: 'indefiniteAfterLockouts',
    kind: 'number',
    group: 'endless',
    offSwitch: { at: 'indefiniteAfterLockouts', off: 'null' },
  },
  {
    path: 'indefiniteAfterFailures',
    kind: 'number',
    group: 'endless',
    offSwitch: { at: 'indefiniteAfterFailures', off: 'null' },
  },

  {
    path: 'onSuccess',
    kind: 'choice',
    group: 'lifting',
    options: ['clear', 'refund', 'clear-own-address'],
    withoutAccount: ['refund'],
  },
  {
    path: 'onPasswordReset',
    kind: 'choice',
    group: 'lifting',
    options: ['unlock', 'unlock-timed', 'keep'],
    withoutAccount: ['keep'],
  },
  { path: 'selfService', kind: 'choice', group: 'lifting', options: ['none', 'timed', 'all'] },
  { path: 'unlockKeepsCount', kind: 'switch', group: 'lifting' },
  { path: 'unlockKeepsEscalation', kind: 'switch', group: 'lifting' },

  { path: 'counts', kind: 'methods', group: 'counting' },
  { path: 'refuses', kind: 'choice', group: 'counting', options: ['counted', 'all'] },
  { path: 'weights', kind: 'weights', group: 'counting' },
  { path: 'unknownAccounts', kind: 'choice', group: 'counting', options: ['track', 'ignore'] },
  { path: 'exempt.accounts', kind: 'lines', group: 'counting' },
  { path: 'exempt.addresses', kind: 'lines', group: 'counting' },

  {
    path: 'minIntervalMs',
    kind: 'duration',
    group: 'pace',
    offSwitch: { at: 'minIntervalMs', off: 'zero' },
  },
  { path: 'quickFailure.withinMs', kind: 'duration', group: 'pace', offSwitch: quick },
  { path: 'quickFailure.lockMs', kind: 'duration', group: 'pace', offSwitch: quick },

  { path: 'attemptTimeoutMs', kind: 'duration', group: 'rest' },
  { path: 'abandonAllowance', kind: 'number', group: 'rest', min: 0 },
  { path: 'notify.from', kind: 'number', group: 'rest', offSwitch: { at: 'notify', off: 'null' } },
  { path: 'messages', kind: 'lines', group: 'rest' },
];

export const GROUPS: readonly FieldGroup[] = [
  'mode',
  'locks',
  'length',
  'forgetting',
  'endless',
  'lifting',
  'counting',
  'pace',
  'rest',
];

/** Groups that most policies leave as they are. */
export const SELDOM: ReadonlySet<FieldGroup> = new Set(['endless', 'lifting', 'counting', 'pace', 'rest']);

/** Whether the rule, as it is entered, has this field. */
export const isPartOf = (field: Field, form: Form): boolean => field.isPart?.(form) ?? true;

export const switchKey = ({ at }: OffSwitch): string => `${at}#on`;

/** Whether the field is switched off. */
export const isOff = ({ offSwitch }: Field, form: Form): boolean =>
  offSwitch !== undefined && form[switchKey(offSwitch)] !== ON;

/** What a form keeps for something that is switched on; off is the empty text. */
export const ON = 'on';
