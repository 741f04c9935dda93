/**
 * What a node of 0.4 sends to the server, word for word: it may run beside this release while an application is updated,
 * and go on with what this release has written. Never to be changed.
 */

/** The nine names of a shard, in the order in which scripts of 0.4 count on them. */
export const NAMES_04 = [
  'records',
  'until',
  'since',
  'keep',
  'subjects',
  'events',
  'trail',
  'position',
  'holds',
] as const;

/**
 * ARGV: the caller's clock or nothing, `each`, nothing; then shard, key, expected version, record, until, since, keep, how
 * many events, and for each event type and row.
 */
export const SWAP_04 = String.raw`
local time = redis.call('TIME')
local ms = time[1] * 1000 + math.floor(time[2] / 1000)
local skewed = ARGV[1] ~= '' and math.abs(ms - tonumber(ARGV[1])) > 1000

local function holderOf(holds, key)
  local hold = redis.call('HGET', holds, key)
  if not hold or tonumber(hold:sub(17)) <= ms then
    return ''
  end
  return hold:sub(1, 16)
end

local mode, token = ARGV[2], ARGV[3]
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

local at = 4
while ARGV[at] do
  local base, key, expected, value = tonumber(ARGV[at]) * 9, ARGV[at + 1], ARGV[at + 2], ARGV[at + 3]
  local current = redis.call('HGET', KEYS[base + 1], key)
  local version = current and current:sub(1, 8)
  swaps[#swaps + 1] = { at = at, base = base, current = current }
  if version == value:sub(1, 8) then
    swaps[#swaps].done = true
  elseif skewed or (version and version ~= expected) or isBlocked(base, key) then
    lost[#lost + 1] = #swaps
    swaps[#swaps].done = true
  end
  at = at + 8 + 2 * tonumber(ARGV[at + 7])
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
    for n = 1, tonumber(ARGV[at + 7]) do
      local position = string.format('%016.0f', nextPosition(base))
      local type, row = ARGV[at + 6 + 2 * n], ARGV[at + 7 + 2 * n]
      redis.call('XADD', KEYS[base + 6], position .. '-0', 'e', row)
      redis.call('ZADD', KEYS[base + 7], 0, 't' .. type .. '\0' .. position)
      if value:sub(33, 40) ~= absent then
        redis.call('ZADD', KEYS[base + 7], 0, 'a' .. value:sub(33, 40) .. position)
      end
      if value:sub(41, 48) ~= absent then
        redis.call('ZADD', KEYS[base + 7], 0, 'd' .. value:sub(41, 48) .. position)
      end
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
`;

/** KEYS: `events`. ARGV: the position up to which, how many. */
export const EVENTS_04 = `
local found = {}
for _, entry in ipairs(redis.call('XREVRANGE', KEYS[1], ARGV[1], '-', 'COUNT', ARGV[2])) do
  found[#found + 1] = entry[1]:match('^%d+')
  found[#found + 1] = entry[2][2]
end
return found
`;

/** KEYS: `events`, `trail`. ARGV: from and to which entry, how many. */
export const TRAIL_04 = `
local found = {}
for _, entry in ipairs(redis.call('ZREVRANGEBYLEX', KEYS[2], ARGV[1], ARGV[2], 'LIMIT', 0, ARGV[3])) do
  local position = entry:sub(-16)
  local event = redis.call('XRANGE', KEYS[1], position .. '-0', position .. '-0')[1]
  found[#found + 1] = position
  found[#found + 1] = event and event[2][2] or false
end
return found
`;

/** KEYS: `events`, `trail`. ARGV: for each event its position, how many entries it has in the trail, and these. */
export const FORGET_04 = `
local at = 1
while ARGV[at] do
  local entries = tonumber(ARGV[at + 1])
  for n = 1, entries do
    redis.call('ZREM', KEYS[2], ARGV[at + 1 + n])
  end
  redis.call('XDEL', KEYS[1], ARGV[at] .. '-0')
  at = at + 2 + entries
end
return 0
`;
