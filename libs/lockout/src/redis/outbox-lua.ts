/**
 * What the scripts of the outbox share; `o` is `{ deliveries, undelivered, outbox }`, the names of one shard.
 *
 * A delivery is a field of `deliveries`, the event's position (16 digits) and the sink: when it is due (16 digits), tries
 * (8 digits), `w`aiting, `c`laimed or `d`ead, the claim's token (16 bytes), the lane (32 bytes), the last problem behind a
 * mark. The event stands in `undelivered`, behind its sinks and a zero: so it can be delivered whatever becomes of the record.
 *
 * Entries of `outbox` are a letter, the sink, a zero, and
 * - `w` position: waiting or claimed
 * - `d` position: dead
 * - `l` lane, position: waiting or claimed, in the order of its lane
 * - `q` when due, position: the first of its lane. Only these can be claimed.
 */
export const OUTBOX_LUA = String.raw`
local NO_TOKEN = string.rep('\0', 16)

local function digits(number, width)
  return string.format('%0' .. width .. '.0f', number)
end

local function dueOf(row)
  return row:sub(1, 16)
end

local function stateOf(row)
  return row:sub(25, 25)
end

local function laneOf(row)
  return row:sub(42, 73)
end

local function rowOf(due, tries, state, token, lane, problem)
  return digits(due, 16) .. digits(tries, 8) .. state .. token .. lane .. problem
end

local function withoutProblem(row)
  return row:sub(1, 73)
end

local function queueEntry(sink, row, position)
  return 'q' .. sink .. '\0' .. dueOf(row) .. position
end

local function headOf(o, sink, lane)
  local from = 'l' .. sink .. '\0' .. lane
  local first = redis.call('ZRANGEBYLEX', o.outbox, '[' .. from .. '0', '(' .. from .. ':', 'LIMIT', 0, 1)[1]
  return first and first:sub(-16)
end

-- Puts a delivery into its place in its lane.
local function enlist(o, position, sink, row)
  local lane = laneOf(row)
  local head = headOf(o, sink, lane)
  redis.call('HSET', o.deliveries, position .. sink, row)
  redis.call('ZADD', o.outbox, 0, 'w' .. sink .. '\0' .. position, 0, 'l' .. sink .. '\0' .. lane .. position)
  if head and head < position then
    return
  end
  if head then
    redis.call('ZREM', o.outbox, queueEntry(sink, redis.call('HGET', o.deliveries, head .. sink), head))
  end
  redis.call('ZADD', o.outbox, 0, queueEntry(sink, row, position))
end

-- Takes a delivery that is not dead out of its lane, which goes on.
local function delist(o, position, sink, row)
  local lane = laneOf(row)
  redis.call('ZREM', o.outbox, 'w' .. sink .. '\0' .. position, 'l' .. sink .. '\0' .. lane .. position,
    queueEntry(sink, row, position))
  local head = headOf(o, sink, lane)
  if head then
    redis.call('ZADD', o.outbox, 0, queueEntry(sink, redis.call('HGET', o.deliveries, head .. sink), head))
  end
end

-- Takes away what is in no list any more; with the last delivery of an event also the event's copy.
local function forget(o, position, sink)
  redis.call('HDEL', o.deliveries, position .. sink)
  local copy = redis.call('HGET', o.undelivered, position)
  local stop = copy and copy:find('\0', 1, true)
  -- Somebody was at it by hand.
  if not stop then
    return
  end
  local left = {}
  for other in copy:sub(1, stop - 1):gmatch('[^,]+') do
    if other ~= sink then
      left[#left + 1] = other
    end
  end
  if #left == 0 then
    redis.call('HDEL', o.undelivered, position)
  else
    redis.call('HSET', o.undelivered, position, table.concat(left, ',') .. copy:sub(stop))
  end
end

-- sinks: names, joined by commas; none: nothing is to be delivered.
local function enqueue(o, position, event, lane, sinks, now)
  if sinks == '' then
    return
  end
  redis.call('HSET', o.undelivered, position, sinks .. '\0' .. event)
  for sink in sinks:gmatch('[^,]+') do
    enlist(o, position, sink, rowOf(now, 0, 'w', NO_TOKEN, lane, ''))
  end
end
`;
