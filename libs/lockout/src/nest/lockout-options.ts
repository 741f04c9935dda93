import type { FactoryProvider, ModuleMetadata } from '@nestjs/common';
import type { EngineOptions } from '../engine/engine-options.js';
import type { LockoutSink } from '../notify/sink.js';
import type { LockoutEventType } from '../policy/event.js';
import type { Method } from '../policy/policy.js';
import type { DeliveryOptions } from './delivery-options.js';

/** The application's lookup of a typed identifier: the account's id, or null where nobody has that name. */
export type FindAccount = (
  identifier: string,
  request: unknown,
) => string | null | undefined | Promise<string | null | undefined>;

/** What the application's `refusal` may know: nothing by which its answer could tell a lock from a wrong credential. */
export interface RefusalContext {
  readonly method: Method;
  readonly request: unknown;
}

/** How `LockoutModule` is set up: the engine's options and those of the edge. */
export interface LockoutModuleOptions extends EngineOptions {
  /**
   * Looks up whose account a typed identifier names. Used by `@Lockout({ identifier })` and, by default, by protected
   * strategies. Called with text as it was typed, and only with text that can be a name.
   */
  readonly findAccount?: FindAccount;
  /**
   * `lock`: a refused person is told so, and until when. `nothing`: locked, unknown and wrong get the same answer
   * after the same time. Default `lock`.
   */
  readonly disclose?: 'lock' | 'nothing';
  /** With `disclose: 'nothing'`: what the application throws at a wrong credential. */
  readonly refusal?: (context: RefusalContext) => Error;
  /** How often ended locks are swept, ms; spread by half to and fro. Default 10 000; 0: not by this process. */
  readonly sweepIntervalMs?: number;
  /**
   * Where events go, at least once: webhooks, and the application's own; beside methods with `@OnLockoutEvent()` and the
   * event emitter. Default: none.
   */
  readonly sinks?: readonly LockoutSink[];
  /** How this process takes part in delivering. */
  readonly delivery?: DeliveryOptions;
  /**
   * Which events get a line in the log, each in the process that wrote it: what, which policy, which realm, until when, and
   * the event's id in the record; nobody's name, no address, no hash. Default `true`: what changes who may sign in, and what
   * people did (`locked`, `unlocked`, `succeeded-after-failures`, `refund-refused`, `policy-changed`, `administered`); a
   * list: these types; `false`: none.
   */
  readonly logEvents?: boolean | readonly LockoutEventType[];
  /** Ids of start-up warnings not to log, as `LCK013` or, for one subject, `LCK013:JwtStrategy`. Errors stay errors. */
  readonly silencedChecks?: readonly string[];
}

export interface LockoutModuleAsyncOptions extends Pick<ModuleMetadata, 'imports'> {
  readonly inject?: FactoryProvider['inject'];
  readonly useFactory: (...dependencies: never[]) => LockoutModuleOptions | Promise<LockoutModuleOptions>;
}

/** Injection token of {@link LockoutModuleOptions}. */
export const LOCKOUT_OPTIONS = Symbol('nestjs-lockout options');

/** {@link LockoutModuleOptions.sweepIntervalMs} if none is given. */
export const DEFAULT_SWEEP_INTERVAL_MS = 10_000;
