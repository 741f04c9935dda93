import type { AccountRef } from '../key/account.js';
import type { Method } from '../policy/policy.js';

/** Who tries to sign in, how, and from where. */
export interface AttemptRequest {
  /** The id of the account that was found, or `{ unknown: identifier }` where the name typed belongs to nobody. */
  readonly account: AccountRef;
  readonly method: Method;
  /** Population of accounts. Default `default`. */
  readonly realm?: string;
  /** Chooses policy overrides; not part of any key. */
  readonly brand?: string;
  /** `req.ip`; null or absent: policies by address do not watch this attempt. */
  readonly address?: string | null;
  /** An id of the device that the application recognises. */
  readonly device?: string | null;
  /** What the client calls itself (`User-Agent`): recorded with failures where labels are kept, decides nothing. */
  readonly userAgent?: string | null;
  /** Custom scope parts by name. */
  readonly custom?: Readonly<Record<string, string>>;
}

/** One account, as administrators and the application name it. */
export interface AccountName {
  readonly account: AccountRef;
  /** Default `default`. */
  readonly realm?: string;
}
