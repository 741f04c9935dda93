import { OUTBOX_LUA } from './outbox-lua.js';
import { NOW, RedisScript } from './redis-script.js';

/** The scripts of what is to be delivered. Each is about one shard; what an entry looks like is in `outbox-lua.ts`. */

const NAMES = `${OUTBOX_LUA}
local o = { deliveries = KEYS[1], undelivered = KEYS[2], outbox = KEYS[3] }
`;

/** What can be claimed of one shard, longest due first: `{ due and position, sink }`. ARGV: see {@link CLAIM}. */
const DUE = String.raw`
local function dueNow(outbox)
  local due, found, limit = {}, {}, tonumber(ARGV[2])
  for n = 5, #ARGV do
    local from = 'q' .. ARGV[n] .. '\0'
    local to = '(' .. from .. digits(now + 1, 16)
    for _, entry in ipairs(redis.call('ZRANGEBYLEX', outbox, '[' .. from, to, 'LIMIT', 0, limit)) do
      due[#due + 1] = { entry:sub(-32), ARGV[n] }
    end
  end
  table.sort(due, function(a, b)
    if a[1] == b[1] then
      return a[2] < b[2]
    end
    return a[1] < b[1]
  end)
  for n = 1, math.min(limit, #due) do
    found[n] = due[n]
  end
  return found
end
`;

/**
 * KEYS: `outbox` of each shard. ARGV: as for {@link CLAIM}. Writes nothing; answers for each shard since when each that
 * would be claimed there is due, with its position.
 */
export const LOOK_FOR_DUE = new RedisScript(`${NOW}${OUTBOX_LUA}${DUE}
local found = {}
for shard = 1, #KEYS do
  found[shard] = {}
  for n, one in ipairs(dueNow(KEYS[shard])) do
    found[shard][n] = one[1]
  end
end
return found
`);

/**
 * KEYS: `deliveries`, `undelivered`, `outbox`. ARGV: the time or nothing, how many, the claim's token, how long its lease is
 * in ms, the sinks. Answers the clock, then of each that was claimed since when it was due, position, sink, row, and event
 * or nil.
 */
export const CLAIM = new RedisScript(`${NOW}${NAMES}${DUE}
local found = { string.format('%.0f', now) }
for _, one in ipairs(dueNow(o.outbox)) do
  local position, sink = one[1]:sub(17), one[2]
  local row = redis.call('HGET', o.deliveries, position .. sink)
  if row then
    found[#found + 1] = dueOf(row)
    redis.call('ZREM', o.outbox, queueEntry(sink, row, position))
    row = rowOf(now + ARGV[4], row:sub(17, 24) + 1, 'c', ARGV[3], laneOf(row), row:sub(74))
    redis.call('HSET', o.deliveries, position .. sink, row)
    redis.call('ZADD', o.outbox, 0, queueEntry(sink, row, position))
    found[#found + 1] = position
    found[#found + 1] = sink
    found[#found + 1] = row
    found[#found + 1] = redis.call('HGET', o.undelivered, position)
  else
    -- Taken away by hand: nobody knows its lane, and no other lane waits for it.
    redis.call('ZREM', o.outbox, 'q' .. sink .. '\\0' .. one[1], 'w' .. sink .. '\\0' .. position)
  end
end
return found
`);

/**
 * KEYS: as above. ARGV: the time or nothing, `finish` | `defer` | `bury`, position, sink, token, in how many ms, the
 * problem, by how much the tries change. Answers 1 iff the delivery is claimed by this token.
 */
export const SETTLE = new RedisScript(`${NOW}${NAMES}
local what, position, sink = ARGV[2], ARGV[3], ARGV[4]
local row = redis.call('HGET', o.deliveries, position .. sink)
if not row or stateOf(row) ~= 'c' or row:sub(26, 41) ~= ARGV[5] then
  return 0
end
if what == 'defer' then
  redis.call('ZREM', o.outbox, queueEntry(sink, row, position))
  row = rowOf(now + ARGV[6], row:sub(17, 24) + ARGV[8], 'w', NO_TOKEN, laneOf(row), ARGV[7])
  redis.call('HSET', o.deliveries, position .. sink, row)
  -- One that was put back meanwhile may stand before it.
  if headOf(o, sink, laneOf(row)) == position then
    redis.call('ZADD', o.outbox, 0, queueEntry(sink, row, position))
  end
  return 1
end
delist(o, position, sink, row)
if what == 'finish' then
  forget(o, position, sink)
else
  row = rowOf(now, row:sub(17, 24), 'd', NO_TOKEN, laneOf(row), ARGV[7])
  redis.call('HSET', o.deliveries, position .. sink, row)
  redis.call('ZADD', o.outbox, 0, 'd' .. sink .. '\\0' .. position)
end
return 1
`);

/**
 * KEYS: as above, `changes`. ARGV: the time or nothing, `retry` | `drop`, which change it is a part of, then of each dead
 * letter position and sink. Answers how many there were; `changes` keeps how many the whole change has found here.
 */
export const CHANGE_DEAD = new RedisScript(`${NOW}${NAMES}
local changed = 0
for n = 4, #ARGV, 2 do
  local position, sink = ARGV[n], ARGV[n + 1]
  local row = redis.call('HGET', o.deliveries, position .. sink)
  if row and stateOf(row) == 'd' then
    redis.call('ZREM', o.outbox, 'd' .. sink .. '\\0' .. position)
    if ARGV[2] == 'retry' then
      enlist(o, position, sink, rowOf(now, 0, 'w', NO_TOKEN, laneOf(row), row:sub(74)))
    else
      forget(o, position, sink)
    end
    changed = changed + 1
  end
end
if changed > 0 then
  redis.call('HINCRBY', KEYS[4], ARGV[3], changed)
end
return changed
`);

/**
 * The sinks that entries of one kind (`w` or `d`) are for: one look at the index each. And an order of bytes: the server's
 * own depends on its locale.
 */
const SINKS = String.raw`
local function isBefore(a, b)
  for n = 1, math.min(#a, #b) do
    if a:byte(n) ~= b:byte(n) then
      return a:byte(n) < b:byte(n)
    end
  end
  return #a < #b
end

local function sinksOf(kind)
  local sinks, from = {}, '[' .. kind
  while true do
    local entry = redis.call('ZRANGEBYLEX', o.outbox, from, '(' .. string.char(kind:byte() + 1), 'LIMIT', 0, 1)[1]
    if not entry then
      return sinks
    end
    local sink = entry:sub(2, -18)
    sinks[#sinks + 1] = sink
    from = '[' .. kind .. sink .. '\1'
  end
end
`;

/**
 * KEYS: as above. ARGV: `w` | `d`, the position at which to begin, the sink after which at that position, how many, the
 * sink or nothing for all. Answers of each position, sink, row or nil, and event or nil, oldest first.
 */
export const LIST_DELIVERIES = new RedisScript(`${NAMES}${SINKS}
local kind, position, after, count = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
local places, found = {}, {}
for _, sink in ipairs(ARGV[5] == '' and sinksOf(kind) or { ARGV[5] }) do
  local prefix = kind .. sink .. '\\0'
  local from = (isBefore(after, sink) and '[' or '(') .. prefix .. position
  for _, entry in ipairs(redis.call('ZRANGEBYLEX', o.outbox, from, '(' .. prefix .. ':', 'LIMIT', 0, count)) do
    places[#places + 1] = entry:sub(-16) .. sink
  end
end
table.sort(places, isBefore)
for n = 1, math.min(count, #places) do
  local at, sink = places[n]:sub(1, 16), places[n]:sub(17)
  found[#found + 1] = at
  found[#found + 1] = sink
  found[#found + 1] = redis.call('HGET', o.deliveries, places[n])
  found[#found + 1] = redis.call('HGET', o.undelivered, at)
end
return found
`);

/**
 * KEYS: as above. Answers of each sink its name, how many wait, how many are dead, and the position and event of the first
 * that waits or nil.
 */
export const OUTBOX_STATE = new RedisScript(`${NAMES}${SINKS}
local found, known = {}, {}
for _, kind in ipairs({ 'w', 'd' }) do
  for _, sink in ipairs(sinksOf(kind)) do
    if not known[sink] then
      known[sink] = true
      local waiting, dead = 'w' .. sink .. '\\0', 'd' .. sink .. '\\0'
      local first = redis.call('ZRANGEBYLEX', o.outbox, '[' .. waiting, '(' .. waiting .. ':', 'LIMIT', 0, 1)[1]
      found[#found + 1] = sink
      found[#found + 1] = redis.call('ZLEXCOUNT', o.outbox, '[' .. waiting, '(' .. waiting .. ':')
      found[#found + 1] = redis.call('ZLEXCOUNT', o.outbox, '[' .. dead, '(' .. dead .. ':')
      found[#found + 1] = first and first:sub(-16) or false
      found[#found + 1] = first and redis.call('HGET', o.undelivered, first:sub(-16)) or false
    end
  end
end
return found
`);
