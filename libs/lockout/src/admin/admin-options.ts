import type { CanActivate, FactoryProvider, ModuleMetadata, Type } from '@nestjs/common';
import { LockoutConfigError } from '../engine/lockout-error.js';
import { InvalidSubjectError } from '../key/invalid-subject-error.js';
import { DEFAULT_REALM, normaliseRealm } from '../key/realm.js';
import {
  consoleProblems,
  type ResolvedConsoleOptions,
  resolveConsoleOptions,
} from './console/console-options.js';
import { messageProblems, withMessages } from './messages/message-check.js';
import type { AdminMessages } from './messages/messages.js';

/**
 * What an administrator does: looks, lifts locks and blocks, locks an account by hand, erases what was recorded of an
 * account, changes policies, or sees, repeats and drops deliveries. Policies and deliveries belong to no realm: they are
 * asked about with the realm `*`.
 */
export type AdminAction = 'view' | 'unlock' | 'lock' | 'erase' | 'configure' | 'deliver';

/** An account as the hooks of the application are asked about it. */
export interface AdminAccount {
  /** The account's opaque id in the admin API. */
  readonly id: string;
  readonly realm: string;
  /** The account id, or the identifier nobody has; null where no labels are kept and it was addressed by its id. */
  readonly account: string | null;
  /** Whether the application had such an account; null: cannot be told. */
  readonly known: boolean | null;
}

/** Whether an account may be unlocked; `reason` is shown to the administrator. */
export type Eligibility =
  | { readonly unlockable: true }
  | { readonly unlockable: false; readonly reason: string };

/** `Request` is the framework's request, as the guards left it (with the user who is signed in). */
export interface LockoutAdminOptions<Request = unknown> {
  /**
   * Who may use the admin API at all, checked in order, before anything else. At least one: without, the module does
   * not start (P11). Classes are taken from wherever they are provided, or made here; they must not be request-scoped.
   */
  readonly guards: readonly (Type<CanActivate> | CanActivate)[];
  /** Where it is mounted, below the global prefix. Default `lockout`. */
  readonly path?: string;
  /** Who is acting: recorded with every change. A blank answer refuses the change with 500. */
  readonly actor: (request: Request) => string | Promise<string>;
  /**
   * Permission by realm (OS-9, OS-10); `false`: 403, and in lists what may not be viewed is left out. Default: whoever
   * the guards admit may do everything. Awaited before, never inside, a transaction.
   */
  readonly can?: (action: AdminAction, realm: string, request: Request) => boolean | Promise<boolean>;
  /**
   * Eligibility of an account (CS-16): asked for an unlock, and for an erasure while a lock is in force; not unlockable:
   * 409 with the reason. Default: every account is. Awaited before, never inside, a transaction.
   */
  readonly canUnlock?: (account: AdminAccount, request: Request) => Eligibility | Promise<Eligibility>;
  /**
   * Where an administrator turns who cannot solve it himself (OS-18, CS-18): a sentence, a name or an address, shown with
   * refusals for want of permission or eligibility and with accounts that he cannot unlock; null: nowhere. Policies and
   * deliveries are asked about with the realm `*`. Default: nowhere.
   */
  readonly support?: (realm: string, request: Request) => string | null | Promise<string | null>;
  /** Most accounts, addresses or records of one bulk call. Integer ≥ 1. Default 10 (CS-14). */
  readonly bulkMaximum?: number;
  /** The realms that the console offers and that an overview sums up. At least one. Default `['default']`. */
  readonly realms?: readonly string[];
  /**
   * What the admin API and the console say, in ICU message format, by id: other words, or another language (then also
   * `language`). Ids and their places are those of `ADMIN_MESSAGES`. Default: none is replaced.
   */
  readonly messages?: Partial<AdminMessages>;
  /** Whether the console is served at `console/` below the mount, to whom the guards admit. Default `true`. */
  readonly console?: boolean;
  /**
   * The folder of the built console, as a path. Default: that of this package; an application that is bundled into one
   * file has to say it.
   */
  readonly consoleFolder?: string;
  /**
   * Where a browser is sent that opens the console and is refused by the guards: a path of this host, or an http(s) URL.
   * It must not send back at once whom the guards will refuse again. Default: nowhere, the guards' refusal is shown.
   */
  readonly signIn?: string;
}

export interface LockoutAdminAsyncOptions<Request = unknown> extends Pick<ModuleMetadata, 'imports'> {
  /** As in {@link LockoutAdminOptions}; must be known before the factory runs. */
  readonly path?: string;
  readonly inject?: FactoryProvider['inject'];
  readonly useFactory: (
    ...dependencies: never[]
  ) => Omit<LockoutAdminOptions<Request>, 'path'> | Promise<Omit<LockoutAdminOptions<Request>, 'path'>>;
}

export const LOCKOUT_ADMIN_OPTIONS = Symbol('LOCKOUT_ADMIN_OPTIONS');

/** Injection token of the path that a mount has below the global prefix. */
export const LOCKOUT_ADMIN_PATH = Symbol('LOCKOUT_ADMIN_PATH');

export const DEFAULT_ADMIN_PATH = 'lockout';

/** "Select up to 10 users" (CS-14). */
export const DEFAULT_BULK_MAXIMUM = 10;

const DEFAULT_REALMS: readonly string[] = Object.freeze([DEFAULT_REALM]);

export type ResolvedAdminOptions = Required<
  Omit<LockoutAdminOptions, 'path' | 'messages' | keyof ResolvedConsoleOptions>
> &
  ResolvedConsoleOptions & {
    /** Every message: the application's, else the library's. */
    readonly messages: AdminMessages;
  };

const isGuard = (guard: unknown): boolean =>
  typeof guard === 'function' ||
  (typeof guard === 'object' &&
    guard !== null &&
    'canActivate' in guard &&
    typeof guard.canActivate === 'function');

/** What is wrong with the realms, each problem with its fix. Plain JavaScript may pass anything. */
function realmProblems(realms: unknown): readonly string[] {
  if (!Array.isArray(realms) || realms.length === 0)
    return ['LockoutAdminModule realms must be a list of at least one realm.'];
  const names: string[] = [];
  return realms.flatMap((given: unknown, index: number) => {
    try {
      const realm = normaliseRealm(given);
      names.push(realm);
      return names.indexOf(realm) < names.length - 1
        ? [`LockoutAdminModule realms has "${realm}" twice.`]
        : [];
    } catch (error) {
      if (!(error instanceof InvalidSubjectError)) throw error;
      return [`LockoutAdminModule realms[${index}] is no realm: ${error.message}`];
    }
  });
}

/** Applies the defaults. Throws {@link LockoutConfigError} with everything that is wrong. */
export function resolveAdminOptions<Request>(
  options: Omit<LockoutAdminOptions<Request>, 'path'>,
): ResolvedAdminOptions {
  const problems: string[] = [];
  // Plain JavaScript may pass anything, and an open admin side is the one thing that must not come of it.
  const { guards, actor, can, canUnlock, support, messages } = options ?? {};
  const { bulkMaximum = DEFAULT_BULK_MAXIMUM, realms = DEFAULT_REALMS } = options ?? {};
  if (!Array.isArray(guards) || guards.length === 0) {
    problems.push(
      'LockoutAdminModule has no guard: anybody could unlock accounts. Pass guards: [YourAdminGuard], a guard that ' +
        'admits signed-in administrators only.',
    );
  } else if (!guards.every(isGuard)) {
    problems.push(
      'LockoutAdminModule guards must be guard classes or objects with canActivate (a circular import?).',
    );
  }
  if (typeof actor !== 'function') {
    problems.push(
      'LockoutAdminModule actor is missing: pass actor: (request) => request.user.id, so that every change names who made it.',
    );
  }
  for (const [name, hook] of Object.entries({ can, canUnlock, support })) {
    if (hook !== undefined && typeof hook !== 'function') {
      problems.push(`LockoutAdminModule ${name} must be a function.`);
    }
  }
  if (!Number.isInteger(bulkMaximum) || bulkMaximum < 1) {
    problems.push(
      `LockoutAdminModule bulkMaximum must be a whole number of at least 1; it is ${String(bulkMaximum)}.`,
    );
  }
  problems.push(...realmProblems(realms), ...consoleProblems(options ?? {}));
  problems.push(...messageProblems(messages).map((problem) => `LockoutAdminModule ${problem}`));
  if (problems.length > 0) throw new LockoutConfigError(problems);
  return {
    ...resolveConsoleOptions(options),
    guards,
    bulkMaximum,
    realms: realms.map(normaliseRealm),
    messages: withMessages(messages),
    actor,
    can: can ?? (() => true),
    support: support ?? (() => null),
    canUnlock: canUnlock ?? (() => ({ unlockable: true })),
  } as ResolvedAdminOptions;
}
