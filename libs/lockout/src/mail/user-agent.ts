import Bowser from 'bowser';

/** What a client calls itself, as far as it is a name that the library knows; null: unknown. */
export interface KnownAgent {
  /** `Firefox` */
  readonly browser: string | null;
  /** `Windows` */
  readonly system: string | null;
  readonly device: DeviceKind | null;
}

export type DeviceKind = 'desktop' | 'mobile' | 'tablet' | 'tv' | 'bot';

const DEVICES: readonly DeviceKind[] = ['desktop', 'mobile', 'tablet', 'tv', 'bot'];

/** Longest that is read, in UTF-16 code units; as long as what is recorded. */
const MAX_LENGTH = 512;

const BROWSERS = new Set(Object.values(Bowser.BROWSER_MAP));
const SYSTEMS = new Set(Object.values(Bowser.OS_MAP));

const UNKNOWN: KnownAgent = Object.freeze({ browser: null, system: null, device: null });

const known = (names: ReadonlySet<string>, name: string | undefined): string | null =>
  name !== undefined && names.has(name) ? name : null;

/**
 * Reads a user agent. Whoever guesses writes it, and the mail goes out under the application's name: so nothing of its
 * text is ever passed on, only names out of the parser's own lists. (What the parser does not know it would answer in
 * the client's words.)
 */
export function readUserAgent(userAgent: string | undefined): KnownAgent {
  if (userAgent === undefined || userAgent.trim() === '') return UNKNOWN;
  const { browser, os, platform } = Bowser.parse(userAgent.slice(0, MAX_LENGTH));
  return {
    browser: known(BROWSERS, browser.name),
    system: known(SYSTEMS, os.name),
    device: DEVICES.find((device) => device === platform.type) ?? null,
  };
}
