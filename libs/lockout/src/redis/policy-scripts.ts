import { NOW, RedisScript } from './redis-script.js';

/** The scripts around saved policies, processes and secrets: few calls, a few keys in one slot. */

/** KEYS: `versions`, `revisions`; see `entry-scripts.ts`. Answers how many revisions there are, then the latest one of each target. */
export const SAVED_POLICIES = new RedisScript(`
local found = { redis.call('HLEN', KEYS[2]) }
local versions = redis.call('HGETALL', KEYS[1])
for n = 1, #versions, 2 do
  found[#found + 1] = redis.call('HGET', KEYS[2], versions[n] .. ':' .. versions[n + 1])
end
return found
`);

/**
 * KEYS: `nodes` (id → row), `seen` (ids by time), `refusals` (id → what it refused: beside the row, which earlier releases
 * read too). ARGV: the time or nothing, how long reports are kept, within how long they are asked for, id, row, what it
 * refused or nothing. Answers the rows.
 */
export const ANNOUNCE = new RedisScript(`${NOW}
redis.call('HSET', KEYS[1], ARGV[4], ARGV[5])
if ARGV[6] == '' then
  redis.call('HDEL', KEYS[3], ARGV[4])
else
  redis.call('HSET', KEYS[3], ARGV[4], ARGV[6])
end
redis.call('ZADD', KEYS[2], string.format('%.0f', now), ARGV[4])
local old = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', string.format('(%.0f', now - ARGV[2]), 'LIMIT', 0, 256)
for _, id in ipairs(old) do
  redis.call('HDEL', KEYS[1], id)
  redis.call('HDEL', KEYS[3], id)
  redis.call('ZREM', KEYS[2], id)
end
local rows = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], string.format('%.0f', now - ARGV[3]), '+inf')) do
  rows[#rows + 1] = redis.call('HGET', KEYS[1], id)
end
return rows
`);

/** KEYS: as above. ARGV: the time or nothing, within how long. Answers for each process its row and what it refused or nil. */
export const NODES = new RedisScript(`${NOW}
local found = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], string.format('%.0f', now - ARGV[2]), '+inf')) do
  found[#found + 1] = { redis.call('HGET', KEYS[1], id), redis.call('HGET', KEYS[3], id) }
end
return found
`);

/**
 * KEYS: `meta`. ARGV: fingerprints of this node's secrets, the current one first. Answers 1 iff the stored one is among
 * them; it is then, or was never there before, the current one.
 */
export const FINGERPRINT = new RedisScript(`
local stored = redis.call('HGET', KEYS[1], 'secret-fingerprint')
local known = not stored
for _, fingerprint in ipairs(ARGV) do
  known = known or fingerprint == stored
end
if known and stored ~= ARGV[1] then
  redis.call('HSET', KEYS[1], 'secret-fingerprint', ARGV[1])
end
return known and 1 or 0
`);
