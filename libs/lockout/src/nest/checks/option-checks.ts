import { MemoryLockoutStore } from '../../store/memory-store.js';
import type { LockoutModuleOptions } from '../lockout-options.js';
import type { CheckResult } from './check.js';
import { deliveryChecks } from './delivery-checks.js';

/** Where the process runs, as far as checks depend on it. */
export interface Surroundings {
  readonly isProduction: boolean;
  readonly isClusterWorker: boolean;
}

/** Different characters below which a secret of at least 32 was typed, not drawn. Random base64 of 32 has about 25. */
const MIN_DIFFERENT_CHARACTERS = 12;
const PLACEHOLDER = /change.?me|secret|password|default|example|placeholder|insecure|12345|qwerty|lorem/i;

function isWeak(secret: string | Uint8Array): boolean {
  const text = typeof secret === 'string' ? secret : Buffer.from(secret).toString('latin1');
  return new Set(text).size < MIN_DIFFERENT_CHARACTERS || PLACEHOLDER.test(text);
}

function secretChecks(secrets: LockoutModuleOptions['secrets']): CheckResult[] {
  if (!Array.isArray(secrets)) return [];
  return (secrets as readonly unknown[]).flatMap((secret, index) => {
    if (typeof secret !== 'string' && !(secret instanceof Uint8Array)) return [];
    if (!isWeak(secret)) return [];
    return {
      id: 'LCK002',
      level: 'warning' as const,
      subject: `secrets[${index}]`,
      message:
        'The secret looks typed or left over from an example: stored hashes could be guessed back to names.',
      hint: "Draw one: node -e \"console.log(require('node:crypto').randomBytes(32).toString('base64url'))\".",
    };
  });
}

function storeChecks({ store }: LockoutModuleOptions, surroundings: Surroundings): CheckResult[] {
  if (!(store instanceof MemoryLockoutStore)) return [];
  if (!surroundings.isProduction && !surroundings.isClusterWorker) return [];
  return [
    {
      id: 'LCK003',
      level: 'warning',
      subject: 'MemoryLockoutStore',
      message:
        'Locks live in this process: a restart forgets them, and every process has a budget of its own.',
      hint: 'Use TypeormLockoutStore.',
    },
  ];
}

/** What an application gives up for signing in while its store is gone (R47). */
function outageChecks({ onStoreError }: LockoutModuleOptions): CheckResult[] {
  const hint =
    "Leave it out for 'deny'; else give the store a DataSource of its own, so that nobody who keeps the application's " +
    'connections busy can bring this about, and watch onStoreState.';
  if (onStoreError === 'allow') {
    return [
      {
        id: 'LCK018',
        level: 'warning',
        subject: 'onStoreError',
        message:
          "'allow': while the store does not answer, every attempt is let through and counted nowhere. Whoever can keep " +
          'the database from answering can guess without limit.',
        hint,
      },
    ];
  }
  if (onStoreError === 'memory') {
    return [
      {
        id: 'LCK019',
        level: 'warning',
        subject: 'onStoreError',
        message:
          "'memory': while the store does not answer, each process counts for itself, so that a budget is one for each " +
          'process, and a restart forgets it.',
        hint,
      },
    ];
  }
  return [];
}

/** What can be said of the module's options by themselves. What the engine refuses is not repeated here. */
export function optionChecks(
  options: LockoutModuleOptions,
  surroundings: Surroundings,
): readonly CheckResult[] {
  const results = [
    ...secretChecks(options.secrets),
    ...storeChecks(options, surroundings),
    ...outageChecks(options),
    ...deliveryChecks(options),
  ];
  if (options.disclose === 'nothing' && typeof options.refusal !== 'function') {
    results.push({
      id: 'LCK006',
      level: 'error',
      subject: null,
      message:
        "disclose: 'nothing' needs refusal: without it a locked account answers unlike a wrong credential.",
      hint: 'Return what the application throws at a wrong credential: refusal: () => new UnauthorizedException().',
    });
  }
  const interval = options.sweepIntervalMs;
  if (interval !== undefined && (!Number.isInteger(interval) || interval < 0 || interval > 86_400_000)) {
    results.push({
      id: 'LCK001',
      level: 'error',
      subject: null,
      message: `sweepIntervalMs must be a whole number from 0 to 86400000; it is ${String(interval)}.`,
      hint: 'Leave it out for 10 000, or give 0 to leave sweeping to other processes.',
    });
  }
  return results;
}
