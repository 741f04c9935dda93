import { StoreError } from '../store/store-error.js';
import { monotonic } from './clock.js';
import { LockoutRedisError } from './lockout-redis-error.js';
import type { RedisConnection } from './redis-connection.js';

/** The oldest release whose scripts and lists behave as ours need. */
const OLDEST = [6, 2] as const;
/** How long a server that cannot be reached at start is waited for, ms: applications and their servers often start together. */
export const START_PATIENCE_MS = 10_000;
const PAUSE_MS = 100;

/**
 * Looks at every server before the store is used.
 *
 * @param patienceMs how long it is tried again while the server cannot be reached; 0: once.
 *
 * Throws {@link LockoutRedisError} with everything that breaks a promise: records that may be evicted, a replica, a release
 * that is too old. What it may not look at, and what only makes a promise weaker, it tells `warn`.
 */
export async function checkServers(
  connection: RedisConnection,
  patienceMs: number,
  warn: (message: string) => void,
): Promise<void> {
  let answers: readonly unknown[];
  try {
    answers = await patiently(patienceMs, () => connection.callEach('info'));
  } catch (error) {
    if (!(error instanceof StoreError) || !error.message.includes('NOPERM')) throw error;
    warn(
      'The lockout store may not run INFO. See to it yourself that maxmemory-policy is noeviction or one of volatile-*, ' +
        'that it talks to a primary, and that the server keeps its data on disk.',
    );
    return;
  }
  const infos = answers.map((answer) => fieldsOf(String(answer)));
  const problems = [...new Set(infos.flatMap(problemsOf))];
  if (problems.length > 0) {
    throw new LockoutRedisError(
      `The lockout store cannot use this Redis:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
    );
  }
  for (const warning of new Set(infos.flatMap(warningsOf))) warn(warning);
}

type Fields = ReadonlyMap<string, string>;

function problemsOf(info: Fields): string[] {
  const problems: string[] = [];
  const version = info.get('redis_version') ?? '';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]))
    problems.push(`Its version is ${version || 'unknown'}; it has to be ${OLDEST.join('.')} or later.`);
  // Ours never expire, so the volatile policies leave them alone.
  const eviction = info.get('maxmemory_policy') ?? '';
  if (eviction.startsWith('allkeys'))
    problems.push(
      `Its maxmemory-policy is ${eviction}: under memory pressure it would drop locks. Set maxmemory-policy noeviction, ` +
        'or give lockout a server of its own.',
    );
  if (info.get('role') !== undefined && info.get('role') !== 'master')
    problems.push('It is a replica. Give the store the primary (with Sentinel: role master).');
  return problems;
}

function warningsOf(info: Fields): string[] {
  if (info.get('aof_enabled') !== '0') return [];
  return [
    'This Redis keeps no append-only file: when it restarts, locks and counts since its last snapshot are gone. ' +
      'Set appendonly yes, with appendfsync everysec or always.',
  ];
}

function fieldsOf(info: string): Fields {
  return new Map(
    info.split('\r\n').flatMap((line) => {
      const colon = line.indexOf(':');
      return colon > 0 ? [[line.slice(0, colon), line.slice(colon + 1)] as const] : [];
    }),
  );
}

/** Until the server can be reached. */
async function patiently<T>(patienceMs: number, work: () => Promise<T>): Promise<T> {
  const deadline = monotonic() + patienceMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof StoreError) || error.message.includes('NOPERM') || monotonic() >= deadline)
        throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
