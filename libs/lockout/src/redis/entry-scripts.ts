import { NEXT_STEP_MS } from '../store/audit-entry.js';
import { OUTBOX_LUA } from './outbox-lua.js';
import { NOW, RedisScript } from './redis-script.js';

/**
 * The scripts of events that are of no record. They stand beside the saved policies: in their hash slot, so that a save and
 * its event are one script.
 *
 * A change by an administrator may touch many slots, and no script does. So its event comes first, with the count that is
 * expected. Each script that changes something counts in `changes` of its own slot, under the id of the event and a round;
 * at the end of a round the sum is what the event says, and the next round counts anew. Whatever breaks in between, the
 * same event sent again goes on, and counts nothing twice. The event is delivered once its round has ended; some time after
 * the last word of one that never did.
 *
 * `changes` beside the policies: id of the event → position (16 digits), round (4 digits), count of the rounds before.
 */

/** KEYS from `first` on: `position`, `rows`, `trail`, `deliveries`, `undelivered`, `outbox`. */
const RECORD_BESIDE = `${OUTBOX_LUA}
local function recordBeside(first, due, row, lane, sinks, kinds)
  local time = redis.call('TIME')
  local last = tonumber(redis.call('GET', KEYS[first]) or '0')
  local position = digits(math.max(last + 1, time[1] * 1000000 + time[2]), 16)
  redis.call('SET', KEYS[first], position)
  redis.call('HSET', KEYS[first + 1], position, row)
  for _, kind in ipairs(kinds) do
    redis.call('ZADD', KEYS[first + 2], 0, kind .. position)
  end
  local o = { deliveries = KEYS[first + 3], undelivered = KEYS[first + 4], outbox = KEYS[first + 5] }
  enqueue(o, position, row, lane, sinks, due)
  return position
end
`;

/**
 * KEYS: `versions` (target → latest version), `revisions` (target and version → token and row), then those of an event.
 * ARGV: target, expected version, next version, token and row, the time at which the event is due, the event or nothing,
 * its lane, its sinks joined by commas, the kinds of its trail. Answers 1 iff this save stands there, also when it is sent
 * again.
 */
export const SAVE_POLICY = new RedisScript(`${RECORD_BESIDE}
local field = ARGV[1] .. ':' .. ARGV[3]
local there = redis.call('HGET', KEYS[2], field)
if there then
  return there == ARGV[4] and 1 or 0
end
if (redis.call('HGET', KEYS[1], ARGV[1]) or '0') ~= ARGV[2] then
  return 0
end
redis.call('HSET', KEYS[2], field, ARGV[4])
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
if ARGV[6] ~= '' then
  recordBeside(3, tonumber(ARGV[5]), ARGV[6], ARGV[7], ARGV[8], { unpack(ARGV, 9) })
end
return 1
`);

const MOVE_DUE = `
-- What nobody has begun to deliver is due then.
local function moveDue(o, position, sink, due)
  local row = redis.call('HGET', o.deliveries, position .. sink)
  if not row or stateOf(row) ~= 'w' or tonumber(row:sub(17, 24)) > 0 then
    return
  end
  local isFirst = redis.call('ZREM', o.outbox, queueEntry(sink, row, position)) == 1
  row = rowOf(due, 0, 'w', NO_TOKEN, laneOf(row), row:sub(74))
  redis.call('HSET', o.deliveries, position .. sink, row)
  if isFirst then
    redis.call('ZADD', o.outbox, 0, queueEntry(sink, row, position))
  end
end
`;

/**
 * KEYS: those of an event, `changes`. ARGV: the time or nothing, the event's id, the event, its lane, its sinks, the kinds
 * of its trail. Records the event, once. Answers where the change stands, and the event or nil where it is gone.
 */
export const BEGIN_CHANGE = new RedisScript(`${NOW}${RECORD_BESIDE}
local state = redis.call('HGET', KEYS[7], ARGV[2])
if not state then
  state = recordBeside(1, now + ${NEXT_STEP_MS}, ARGV[3], ARGV[4], ARGV[5], { unpack(ARGV, 6) }) .. '00000'
  redis.call('HSET', KEYS[7], ARGV[2], state)
end
return { state, redis.call('HGET', KEYS[2], state:sub(1, 16)) }
`);

/**
 * KEYS: `rows`, `undelivered`, `changes`, `deliveries`, `outbox`. ARGV: the time or nothing, the event's id, where the
 * change stood, the event with its count, where the change stands now. Nothing where somebody else has gone on.
 */
export const COUNT_CHANGE = new RedisScript(`${NOW}${OUTBOX_LUA}${MOVE_DUE}
if redis.call('HGET', KEYS[3], ARGV[2]) ~= ARGV[3] then
  return 0
end
local position = ARGV[3]:sub(1, 16)
if redis.call('HEXISTS', KEYS[1], position) == 1 then
  redis.call('HSET', KEYS[1], position, ARGV[4])
end
local o = { deliveries = KEYS[4], undelivered = KEYS[2], outbox = KEYS[5] }
local copy = redis.call('HGET', o.undelivered, position)
local stop = copy and copy:find('\\0', 1, true)
if stop then
  redis.call('HSET', o.undelivered, position, copy:sub(1, stop) .. ARGV[4])
  for sink in copy:sub(1, stop - 1):gmatch('[^,]+') do
    moveDue(o, position, sink, ARGV[5] == ARGV[3] and now + ${NEXT_STEP_MS} or now)
  end
end
redis.call('HSET', KEYS[3], ARGV[2], ARGV[5])
return 1
`);
