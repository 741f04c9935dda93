import { withPeers } from './open-peers.mjs';
import { UNREACHED } from './peers/peer.mjs';
import { subject } from './subjects.mjs';
import { slowlyWrong } from './verify.mjs';

const GUESSES = 200;
/** Failures that lock: no more than these may be verified. */
export const BOUND = 5;
const TARGETS = ['one address', `${GUESSES} addresses`];

/**
 * So many parallel wrong guesses at one account: how many passwords were looked at? A check takes as long as a hash.
 *
 * @param {import('./servers.mjs').BenchServer} server
 * @param {readonly import('./peers/peer.mjs').Peer[]} peers
 * @returns {Promise<import('./report.mjs').Facts>}
 */
export async function runBound(server, peers) {
  const settings = { keys: /** @type {const} */ (2), threshold: BOUND, addressThreshold: UNREACHED };
  const rows = await withPeers(server, peers, settings, async (running) => {
    const found = [];
    for (const { name, title, opened } of running) {
      const values = [];
      for (const [place] of TARGETS.entries()) {
        const victim = subject(5000 + place);
        let verified = 0;
        const verify = async () => {
          verified += 1;
          return slowlyWrong();
        };
        // Refused, or not answered in time: not verified either way.
        await Promise.allSettled(
          Array.from({ length: GUESSES }, (_, n) =>
            opened.attempt(
              place === 0 ? victim : { ...victim, address: subject(20_000 + n).address },
              verify,
            ),
          ),
        );
        values.push(verified);
      }
      found.push({ name, title, values });
    }
    return found;
  });
  return {
    id: `${server.name}/bound`,
    server: server.name,
    title: `${GUESSES} parallel wrong guesses at one account that ${BOUND} failures lock: how many were verified?`,
    columns: TARGETS.map((from) => `from ${from}`),
    rows,
  };
}
