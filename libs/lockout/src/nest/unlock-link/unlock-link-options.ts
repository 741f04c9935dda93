import type { RedeemedLock } from '../../engine/index.js';
import { LockoutConfigError } from '../../engine/lockout-error.js';
import { DEFAULT_UNLOCK_LINK_TEXTS, type UnlockLinkTexts } from './unlock-link-texts.js';

export interface LockoutUnlockLinkOptions {
  /** Where the page is, below the application's prefix. Default `lockout/unlock`. */
  readonly path?: string;
  /** Replaces texts of the page, the others stay; a function may choose by the request's language. */
  readonly texts?: Partial<UnlockLinkTexts> | ((request: unknown) => Partial<UnlockLinkTexts>);
  /** Where to sign in: a path from `/`, or an https URL. Default: the page has no link to it. */
  readonly signInUrl?: string;
  /**
   * Told of each lock that was lifted, before the person is; what it throws is logged, and changes nothing. The lock is in
   * the record, and goes to sinks, without it.
   */
  readonly onUnlocked?: (lock: RedeemedLock, request: unknown) => void | Promise<void>;
  /** Put on the controller, for an application whose guards let nobody in but who is signed in: `[Public()]`. */
  readonly decorators?: readonly ClassDecorator[];
}

export interface ResolvedUnlockLinkOptions {
  readonly path: string;
  readonly textsFor: (request: unknown) => UnlockLinkTexts;
  readonly signInUrl: string | null;
  readonly onUnlocked: (lock: RedeemedLock, request: unknown) => void | Promise<void>;
  readonly decorators: readonly ClassDecorator[];
}

/** Injection token of {@link ResolvedUnlockLinkOptions}. */
export const UNLOCK_LINK_OPTIONS = Symbol('nestjs-lockout unlock link options');

const DEFAULT_PATH = 'lockout/unlock';
const SEGMENTS = /^[A-Za-z0-9_.~-]+(\/[A-Za-z0-9_.~-]+)*$/;

/** Applies the defaults. Throws {@link LockoutConfigError} with everything that is wrong. */
export function resolveUnlockLinkOptions(options: LockoutUnlockLinkOptions = {}): ResolvedUnlockLinkOptions {
  const { path = DEFAULT_PATH, texts = {}, signInUrl, onUnlocked = () => {}, decorators = [] } = options;
  const problems: string[] = [];
  if (typeof path !== 'string' || !SEGMENTS.test(path)) {
    problems.push(
      `LockoutUnlockLinkModule: path must be segments without a slash at either end, such as ` +
        `'${DEFAULT_PATH}'; it is ${JSON.stringify(path)}.`,
    );
  }
  if (signInUrl !== undefined && !isSignInUrl(signInUrl)) {
    problems.push(
      `LockoutUnlockLinkModule: signInUrl must be a path such as '/login', or an https URL; ` +
        `it is ${JSON.stringify(signInUrl)}.`,
    );
  }
  if (typeof texts !== 'function') problems.push(...textProblems(texts));
  if (problems.length > 0) throw new LockoutConfigError(problems);
  const textsFor = (request: unknown): UnlockLinkTexts => ({
    ...DEFAULT_UNLOCK_LINK_TEXTS,
    ...(typeof texts === 'function' ? texts(request) : texts),
  });
  return { path, textsFor, signInUrl: signInUrl ?? null, onUnlocked, decorators };
}

/** A name that is none would be text that nobody ever sees. */
function textProblems(texts: Partial<UnlockLinkTexts>): string[] {
  return Object.entries(texts).flatMap(([name, text]) => {
    if (!Object.hasOwn(DEFAULT_UNLOCK_LINK_TEXTS, name)) {
      const known = Object.keys(DEFAULT_UNLOCK_LINK_TEXTS).join(', ');
      return [`LockoutUnlockLinkModule: there is no text "${name}"; there are ${known}.`];
    }
    return typeof text === 'string' ? [] : [`LockoutUnlockLinkModule: the text "${name}" must be a string.`];
  });
}

/** Nothing that a browser would run (`javascript:`), nor another host in disguise (`//host`). */
function isSignInUrl(url: string): boolean {
  if (/^\/(?![/\\])/.test(url)) return true;
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || (protocol === 'http:' && hostname === 'localhost');
}
