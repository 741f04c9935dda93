import { OUTBOX_LUA } from './outbox-lua.js';
import { RedisScript } from './redis-script.js';

/**
 * The scripts of recorded events. Each is about one shard and reads a bounded part of it.
 *
 * An event has a position, 16 digits: microseconds on its server's clock, later than every one before. Most are entries of
 * the stream `events`; those that were changed, and those of no record, are fields of `rows`. Entries of `trail` are a
 * letter, what it stands for, and the position:
 * - `t` type and a zero; `a` beginning of the account's hash; `d` beginning of the address's hash
 * - `x` nothing: the event is in `rows`
 * - `o` when it happened: of events that were recorded long after it
 */

/** How long after it happened an event is recorded at most, ms, if no entry `o` says otherwise. */
export const LATE_MS = 3_600_000;

/** A stream gives memory back a block at a time: this many entries at most, unless its server was told otherwise. */
const BLOCK = 100;

/** KEYS: `events`, `trail`, `rows`. */
const EVENT_AT = `
local function eventAt(position)
  local entry = redis.call('XRANGE', KEYS[1], position .. '-0', position .. '-0')[1]
  return entry and entry[2][2] or redis.call('HGET', KEYS[3], position)
end
`;

/**
 * Positions and events of stream and rows in order: from a position (16 digits) on towards later or earlier ones, at most
 * `count`.
 */
const WALK_EVENTS = `
local function walk(from, count, isUp)
  local entries, others
  if isUp then
    entries = redis.call('XRANGE', KEYS[1], from .. '-0', '+', 'COUNT', count)
    others = redis.call('ZRANGEBYLEX', KEYS[2], '[x' .. from, '(y', 'LIMIT', 0, count)
  else
    entries = redis.call('XREVRANGE', KEYS[1], from .. '-0', '-', 'COUNT', count)
    others = redis.call('ZREVRANGEBYLEX', KEYS[2], '[x' .. from, '[x', 'LIMIT', 0, count)
  end
  local found, n, m = {}, 1, 1
  while #found < 2 * count and (entries[n] or others[m]) do
    local position = entries[n] and string.format('%016.0f', tonumber(entries[n][1]:match('^%d+')))
    local other = others[m] and others[m]:sub(2)
    if position and (not other or (position < other) == isUp) then
      found[#found + 1] = position
      found[#found + 1] = entries[n][2][2]
      n = n + 1
    else
      found[#found + 1] = other
      found[#found + 1] = redis.call('HGET', KEYS[3], other)
      m = m + 1
    end
  end
  return found
end
`;

/** KEYS: `events`, `trail`, `rows`. ARGV: the position up to which, how many. Answers position and event, latest first. */
export const EVENTS = new RedisScript(`${WALK_EVENTS}
return walk(ARGV[1], tonumber(ARGV[2]), false)
`);

/** KEYS: as above. ARGV: from and to which entry of the trail, how many. Answers position and event or nil, latest first. */
export const TRAIL = new RedisScript(`${EVENT_AT}
local found = {}
for _, entry in ipairs(redis.call('ZREVRANGEBYLEX', KEYS[2], ARGV[1], ARGV[2], 'LIMIT', 0, ARGV[3])) do
  found[#found + 1] = entry:sub(-16)
  found[#found + 1] = eventAt(entry:sub(-16))
end
return found
`);

/**
 * KEYS: as above. ARGV: the position up to which, how many to look at, a text. Answers how far it came or nil at the end,
 * then position and event of those that hold the text, latest first.
 */
export const TRACE = new RedisScript(`${WALK_EVENTS}
local seen, found = walk(ARGV[1], tonumber(ARGV[2]), false), { false }
for n = 1, #seen, 2 do
  if seen[n + 1] and seen[n + 1]:find(ARGV[3], 1, true) then
    found[#found + 1] = seen[n]
    found[#found + 1] = seen[n + 1]
  end
end
if #seen == 2 * tonumber(ARGV[2]) then
  found[1] = seen[#seen - 1]
end
return found
`);

/** Of what was looked at, in order: `{ how many, the last or nothing at the end, place and event of each that may go }`. */
const MAY_GO = `
local found = { 0, false }

-- Whether no more is to be answered.
local function isFull(most)
  return #found == 2 * tonumber(most) + 2
end

local function look(place, event)
  found[1] = found[1] + 1
  found[2] = place
  if redis.call('HEXISTS', KEYS[4], place:sub(-16)) == 0 then
    found[#found + 1] = place
    found[#found + 1] = event()
  end
end

local function answer(asked)
  if found[1] < tonumber(asked) then
    found[2] = false
  end
  return found
end
`;

/**
 * KEYS: `events`, `trail`, `rows`, `undelivered`. ARGV: the position from which on, how many to look at, and to answer.
 * Answers how many it looked at, the last of them or nil at the end, then position and event or nil of those of which
 * nothing is still to be delivered, oldest first.
 */
export const OLDEST = new RedisScript(`${WALK_EVENTS}${MAY_GO}
local seen = walk(ARGV[1], tonumber(ARGV[2]), true)
for n = 1, #seen, 2 do
  if isFull(ARGV[3]) then
    return found
  end
  look(seen[n], function() return seen[n + 1] end)
end
return answer(ARGV[2])
`);

/**
 * As {@link OLDEST}, of events that were recorded late. ARGV: from and to which entry of the trail, how many to look at, and
 * to answer. Answers entries in the place of positions.
 */
export const LATE = new RedisScript(`${EVENT_AT}${MAY_GO}
for _, entry in ipairs(redis.call('ZRANGEBYLEX', KEYS[2], ARGV[1], ARGV[2], 'LIMIT', 0, ARGV[3])) do
  if isFull(ARGV[4]) then
    return found
  end
  look(entry, function() return eventAt(entry:sub(-16)) end)
end
return answer(ARGV[3])
`);

/**
 * KEYS: `events`, `trail`, `rows`, `changes`. ARGV: for each event its position, its id, how many entries it may have in
 * the trail, and these. Answers how many there still were.
 */
export const FORGET = new RedisScript(`
local at, forgotten = 1, 0
while ARGV[at] do
  local entries = tonumber(ARGV[at + 2])
  redis.call('ZREM', KEYS[2], unpack(ARGV, at + 3, at + 2 + entries))
  redis.call('HDEL', KEYS[4], ARGV[at + 1])
  if redis.call('XDEL', KEYS[1], ARGV[at] .. '-0') + redis.call('HDEL', KEYS[3], ARGV[at]) > 0 then
    forgotten = forgotten + 1
  end
  at = at + 3 + entries
end
return forgotten
`);

/**
 * KEYS: `events`, `trail`, `rows`, `deliveries`, `undelivered`, `outbox`, `changes`. ARGV: which change it is a part of,
 * then for each event position, what is left of it, `drop` | `keep` its deliveries (without what was wrong), how many
 * entries of the trail go, and these. Answers how many it changed; `changes` keeps how many the whole change has changed
 * here.
 *
 * What is deleted from a stream stays in memory and in snapshots until all of its block is deleted. So the neighbours that
 * may be in the same block move out of the stream too.
 */
export const ERASE = new RedisScript(
  OUTBOX_LUA +
    String.raw`
local o = { deliveries = KEYS[4], undelivered = KEYS[5], outbox = KEYS[6] }

local function lift(entry, row)
  local position = string.format('%016.0f', tonumber(entry[1]:match('^%d+')))
  redis.call('XDEL', KEYS[1], entry[1])
  redis.call('HSET', KEYS[3], position, row or entry[2][2])
  redis.call('ZADD', KEYS[2], 0, 'x' .. position)
end

local function replace(position, row)
  local id = position .. '-0'
  local entry = redis.call('XRANGE', KEYS[1], id, id)[1]
  if not entry then
    if redis.call('HEXISTS', KEYS[3], position) == 0 then
      return false
    end
    redis.call('HSET', KEYS[3], position, row)
    return true
  end
  for _, other in ipairs(redis.call('XREVRANGE', KEYS[1], '(' .. id, '-', 'COUNT', ${BLOCK})) do
    lift(other)
  end
  for _, other in ipairs(redis.call('XRANGE', KEYS[1], '(' .. id, '+', 'COUNT', ${BLOCK})) do
    lift(other)
  end
  lift(entry, row)
  return true
end

local at, changed = 2, 0
while ARGV[at] do
  local position, row, entries = ARGV[at], ARGV[at + 1], tonumber(ARGV[at + 3])
  if replace(position, row) then
    changed = changed + 1
    local copy = redis.call('HGET', o.undelivered, position)
    local stop = copy and copy:find('\0', 1, true)
    for sink in (stop and copy:sub(1, stop - 1) or ''):gmatch('[^,]+') do
      local delivery = redis.call('HGET', o.deliveries, position .. sink)
      if delivery and ARGV[at + 2] == 'keep' then
        -- What the sink said was wrong may tell whom it was about.
        redis.call('HSET', o.deliveries, position .. sink, withoutProblem(delivery))
      elseif delivery then
        if stateOf(delivery) == 'd' then
          redis.call('ZREM', o.outbox, 'd' .. sink .. '\0' .. position)
        else
          delist(o, position, sink, delivery)
        end
        forget(o, position, sink)
      end
    end
    if stop and ARGV[at + 2] == 'keep' then
      redis.call('HSET', o.undelivered, position, copy:sub(1, stop) .. row)
    else
      redis.call('HDEL', o.undelivered, position)
    end
  end
  if entries > 0 then
    redis.call('ZREM', KEYS[2], unpack(ARGV, at + 4, at + 3 + entries))
  end
  at = at + 4 + entries
end
if changed > 0 then
  redis.call('HINCRBY', KEYS[7], ARGV[1], changed)
end
return changed
`,
);
