/**
 * What is measured against what: each peer makes the same login decision in its own way.
 *
 * @typedef {object} Peer
 * @property {string} name As in `--only`.
 * @property {string} title
 * @property {string} remark How it is used here, in a few words.
 * @property {(wanted: 2 | 3) => number} keys How many limits it watches when so many are wanted.
 * @property {true} [memory] It keeps everything in the process: no lock survives, nothing is shared.
 * @property {true} [limit] No peer, but what the server can do at most.
 * @property {(database: import('../servers.mjs').BenchDatabase, settings: PeerSettings) => Promise<OpenPeer>} open
 *   Makes its tables and connects.
 *
 * @typedef {object} PeerSettings
 * @property {2 | 3} keys 2: account and address; 3: also account and address together.
 * @property {number} threshold Failures after which an account is locked.
 * @property {number} addressThreshold Failures after which an address is locked.
 *
 * @typedef {object} OpenPeer
 * @property {(subject: import('../subjects.mjs').Subject, verify: () => Promise<boolean>) => Promise<Result>} attempt
 *   One login decision: everything but the password itself.
 * @property {() => Promise<void>} lockAll Locks every account as its own failures would.
 * @property {readonly string[]} tables Where it keeps a row a key.
 * @property {() => Record<string, number>} [totals]
 * @property {() => Promise<void>} close
 *
 * @typedef {'success' | 'failure' | 'refused'} Result
 */

/** A threshold that no measurement reaches. */
export const UNREACHED = 1_000_000;
