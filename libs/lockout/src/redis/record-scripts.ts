import { CLOCK_TOLERANCE_MS } from '../store/clock-tolerance.js';
import { LATE_MS } from './event-scripts.js';
import { OUTBOX_LUA } from './outbox-lua.js';
import { RedisScript } from './redis-script.js';

/**
 * The scripts that read and write records. Each names every key that it touches, all of them of the shards it is given;
 * on a Cluster that is one shard, and so one slot. What a script writes is seen whole or not at all.
 *
 * A record is a field of its shard's hash: version (8 bytes), then eight bytes each for its place by keep, until, since
 * and for the beginnings of its account's and address's hash (zeros: none), then the row.
 */

/** KEYS: `records` of each shard. ARGV: for each how many keys, and the keys. Answers the clock, then record or nil. */
export const LOAD = new RedisScript(`
local time = redis.call('TIME')
local found = { time[1], time[2] }
local at = 1
for shard = 1, #KEYS do
  local last = at + tonumber(ARGV[at])
  for first = at + 1, last, 1000 do
    local values = redis.call('HMGET', KEYS[shard], unpack(ARGV, first, math.min(first + 999, last)))
    for n = 1, #values do
      found[#found + 1] = values[n]
    end
  end
  at = last + 1
end
return found
`);

/** Shared by the scripts that respect holds: who holds a key, and until when. */
const HELD = `
local function holderOf(holds, key)
  local hold = redis.call('HGET', holds, key)
  if not hold or tonumber(hold:sub(17)) <= ms then
    return ''
  end
  return hold:sub(1, 16)
end
`;

const CLOCK = `
local time = redis.call('TIME')
local ms = time[1] * 1000 + math.floor(time[2] / 1000)
local skewed = ARGV[1] ~= '' and math.abs(ms - tonumber(ARGV[1])) > ${CLOCK_TOLERANCE_MS}
`;

/**
 * KEYS: the twelve of each shard, see `SWAP_PARTS`. ARGV: the caller's clock or nothing, `each` | `all` | `held`, the token
 * of the caller's holds or nothing, the time from which on events are to be delivered or nothing; then for each swap shard,
 * key, expected version, record, until, since, keep, lane, how many events, and for each event type, when it was, row, and
 * the sinks it is to be delivered to, joined by commas. Answers the numbers of the swaps that lost.
 *
 * `all`: one loss undoes all. `held`: only what the caller still holds is swapped. A swap whose version already stands
 * there has won before: it is not written twice, and neither are its events.
 */
export const SWAP = new RedisScript(
  `${CLOCK}${HELD}${OUTBOX_LUA}` +
    String.raw`
local mode, token, due = ARGV[2], ARGV[3], tonumber(ARGV[4]) or ms
local absent = string.rep('\0', 8)
local hasHolds, positions, swaps, lost = {}, {}, {}, {}

local function isBlocked(base, key)
  if hasHolds[base] == nil then
    hasHolds[base] = redis.call('EXISTS', KEYS[base + 9]) == 1
  end
  local holder = hasHolds[base] and holderOf(KEYS[base + 9], key) or ''
  if mode == 'held' then
    return holder ~= token
  end
  return holder ~= '' and holder ~= token
end

local at = 5
while ARGV[at] do
  local base, key, expected, value = tonumber(ARGV[at]) * 12, ARGV[at + 1], ARGV[at + 2], ARGV[at + 3]
  local current = redis.call('HGET', KEYS[base + 1], key)
  local version = current and current:sub(1, 8)
  swaps[#swaps + 1] = { at = at, base = base, current = current }
  if version == value:sub(1, 8) then
    swaps[#swaps].done = true
  elseif skewed or (version and version ~= expected) or isBlocked(base, key) then
    lost[#lost + 1] = #swaps
    swaps[#swaps].done = true
  end
  at = at + 9 + 4 * tonumber(ARGV[at + 8])
end
if mode == 'all' and #lost > 0 then
  return lost
end

local function reindex(index, key, old, new, score)
  if old == new then
    return
  end
  if new == absent then
    redis.call('ZREM', index, key)
  else
    redis.call('ZADD', index, score, key)
  end
end

local function resubject(index, kind, key, old, new)
  if old == new then
    return
  end
  if old ~= absent then
    redis.call('ZREM', index, kind .. old .. key)
  end
  if new ~= absent then
    redis.call('ZADD', index, 0, kind .. new .. key)
  end
end

-- Microseconds of this shard: later than every event's before, also when the clock was set back.
local function nextPosition(base)
  local last = positions[base] or tonumber(redis.call('GET', KEYS[base + 8]) or '0')
  positions[base] = math.max(last + 1, time[1] * 1000000 + time[2])
  return positions[base]
end

for _, swap in ipairs(swaps) do
  if not swap.done then
    local base, at = swap.base, swap.at
    local key, value, old = ARGV[at + 1], ARGV[at + 3], swap.current or string.rep('\0', 48)
    -- A server without memory refuses a script's first write or none of them, so never a part.
    redis.call('HSET', KEYS[base + 1], key, value)
    reindex(KEYS[base + 2], key, old:sub(17, 24), value:sub(17, 24), ARGV[at + 4])
    reindex(KEYS[base + 3], key, old:sub(25, 32), value:sub(25, 32), ARGV[at + 5])
    reindex(KEYS[base + 4], key, old:sub(9, 16), value:sub(9, 16), ARGV[at + 6])
    resubject(KEYS[base + 5], 'a', key, old:sub(33, 40), value:sub(33, 40))
    resubject(KEYS[base + 5], 'd', key, old:sub(41, 48), value:sub(41, 48))
    local outbox = { deliveries = KEYS[base + 10], undelivered = KEYS[base + 11], outbox = KEYS[base + 12] }
    for n = 1, tonumber(ARGV[at + 8]) do
      local position = string.format('%016.0f', nextPosition(base))
      local type, when, row, sinks = unpack(ARGV, at + 5 + 4 * n, at + 8 + 4 * n)
      redis.call('XADD', KEYS[base + 6], position .. '-0', 'e', row)
      redis.call('ZADD', KEYS[base + 7], 0, 't' .. type .. '\0' .. position)
      if value:sub(33, 40) ~= absent then
        redis.call('ZADD', KEYS[base + 7], 0, 'a' .. value:sub(33, 40) .. position)
      end
      if value:sub(41, 48) ~= absent then
        redis.call('ZADD', KEYS[base + 7], 0, 'd' .. value:sub(41, 48) .. position)
      end
      if ms - when > ${LATE_MS} then
        redis.call('ZADD', KEYS[base + 7], 0, 'o' .. string.format('%016.0f', when) .. position)
      end
      enqueue(outbox, position, row, ARGV[at + 7], sinks, due)
    end
    if token ~= '' then
      redis.call('HDEL', KEYS[base + 9], key)
    end
  end
end
for base, position in pairs(positions) do
  redis.call('SET', KEYS[base + 8], string.format('%.0f', position))
end
return lost
`,
);

/**
 * KEYS: `records` and `holds` of each shard. ARGV: the caller's clock or nothing, the token, how long to hold in ms,
 * `versions` to compare them or nothing; then for each key shard, key and expected version. All keys are held or none.
 * Answers the clock, the numbers of the keys that lost, and the records.
 */
export const HOLD = new RedisScript(
  `${CLOCK}${HELD}` +
    `
local token, compares, lost, values = ARGV[2], ARGV[4] == 'versions', {}, {}
for at = 5, #ARGV, 3 do
  local base, key = tonumber(ARGV[at]) * 2, ARGV[at + 1]
  local current, holder = redis.call('HGET', KEYS[base + 1], key), holderOf(KEYS[base + 2], key)
  local stale = compares and current and current:sub(1, 8) ~= ARGV[at + 2]
  values[#values + 1] = current
  if skewed or stale or (holder ~= '' and holder ~= token) then
    lost[#lost + 1] = #values
  end
end
if #lost == 0 then
  for at = 5, #ARGV, 3 do
    local holds = KEYS[tonumber(ARGV[at]) * 2 + 2]
    redis.call('HSET', holds, ARGV[at + 1], token .. string.format('%.0f', ms + ARGV[3]))
    if redis.call('PTTL', holds) < tonumber(ARGV[3]) then
      redis.call('PEXPIRE', holds, ARGV[3])
    end
  end
end
return { time[1], time[2], lost, values }
`,
);

/** KEYS: `holds` of each shard. ARGV: the token, then for each key shard and key. */
export const RELEASE = new RedisScript(`
for at = 2, #ARGV, 2 do
  local holds = KEYS[tonumber(ARGV[at]) + 1]
  local hold = redis.call('HGET', holds, ARGV[at + 1])
  if hold and hold:sub(1, 16) == ARGV[1] then
    redis.call('HDEL', holds, ARGV[at + 1])
  end
end
return 0
`);

/**
 * KEYS: `records`, `until`, `since`, `keep` and `subjects` of each shard. ARGV: for each record shard, key and version.
 * Answers how many were deleted.
 */
export const PRUNE = new RedisScript(`
local deleted = 0
for at = 1, #ARGV, 3 do
  local base, key = tonumber(ARGV[at]) * 5, ARGV[at + 1]
  local current = redis.call('HGET', KEYS[base + 1], key)
  if current and current:sub(1, 8) == ARGV[at + 2] then
    redis.call('HDEL', KEYS[base + 1], key)
    for index = 2, 4 do
      redis.call('ZREM', KEYS[base + index], key)
    end
    redis.call('ZREM', KEYS[base + 5], 'a' .. current:sub(33, 40) .. key, 'd' .. current:sub(41, 48) .. key)
    deleted = deleted + 1
  end
end
return deleted
`);
