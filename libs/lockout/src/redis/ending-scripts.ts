import { NOW, RedisScript } from './redis-script.js';

/** The scripts of quotas and unlock links: each is about one name, which ends by itself. */

/**
 * KEYS: a quota, a hash. ARGV: the time or nothing, how many there are, how long a window is in ms. Answers 1 iff one was
 * left and is taken.
 */
export const TAKE_QUOTA = new RedisScript(`${NOW}
local taken, endsAt = unpack(redis.call('HMGET', KEYS[1], 'taken', 'endsAt'))
if not endsAt or now >= tonumber(endsAt) then
  redis.call('HSET', KEYS[1], 'taken', 1, 'endsAt', string.format('%.0f', now + ARGV[3]))
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
  return 1
end
if tonumber(taken) >= tonumber(ARGV[2]) then
  return 0
end
redis.call('HINCRBY', KEYS[1], 'taken', 1)
return 1
`);

/** KEYS: as above. ARGV: the time or nothing, `return` to give one back. Answers how many are taken. */
export const TAKEN_QUOTA = new RedisScript(`${NOW}
local taken, endsAt = unpack(redis.call('HMGET', KEYS[1], 'taken', 'endsAt'))
if not endsAt or now >= tonumber(endsAt) then
  return 0
end
if ARGV[2] == 'return' and tonumber(taken) > 0 then
  return redis.call('HINCRBY', KEYS[1], 'taken', -1)
end
return tonumber(taken)
`);

/** Begins a script about an unlock link: its end (16 digits), and its row. One that has ended is not there. */
const LINK = `${NOW}
local stored = redis.call('GET', KEYS[1])
local stands = stored and tonumber(stored:sub(1, 16)) > now
`;

/** KEYS: a link. ARGV: the time or nothing, its end, the longest that a name may last in ms, end and row. */
export const SAVE_LINK = new RedisScript(`${LINK}
local left = ARGV[2] - now
if left > 0 and not stands then
  redis.call('SET', KEYS[1], ARGV[4], 'PX', string.format('%.0f', math.min(left, tonumber(ARGV[3]))))
end
return 0
`);

/** KEYS: a link. ARGV: the time or nothing. Answers the clock, and end and row or nil. */
export const FIND_LINK = new RedisScript(`${LINK}
return { string.format('%.0f', now), stands and stored or false }
`);

/** KEYS: a link. ARGV: the time or nothing. Answers 1 iff there was one. */
export const DROP_LINK = new RedisScript(`${LINK}
redis.call('DEL', KEYS[1])
return stands and 1 or 0
`);
