import { NOW, RedisScript } from './redis-script.js';

/** The scripts of kept answers: each is about one name. */

/**
 * KEYS: the answer, a hash that ends by itself. ARGV: the time or nothing, request, token, how long a claim lasts, how long
 * an answer does, the longer of both. Answers what became of the claim (see `answer-store.ts`), then status and body.
 */
export const CLAIM_ANSWER = new RedisScript(`${NOW}
local request, token, at, status, body = unpack(redis.call('HMGET', KEYS[1], 'request', 'token', 'at', 'status', 'body'))
if at and now < tonumber(at) + tonumber(status and ARGV[5] or ARGV[4]) then
  if request ~= ARGV[2] then
    return { 'other-request' }
  end
  if status then
    return { 'answered', status, body }
  end
  return { token == ARGV[3] and 'claimed' or 'pending' }
end
redis.call('HDEL', KEYS[1], 'status', 'body')
redis.call('HSET', KEYS[1], 'request', ARGV[2], 'token', ARGV[3], 'at', string.format('%.0f', now))
redis.call('PEXPIRE', KEYS[1], ARGV[6])
return { 'claimed' }
`);

/** KEYS: as above. ARGV: token, status, body. Keeps the answer of this token's claim, if it has none yet. */
export const KEEP_ANSWER = new RedisScript(`
local token, status = unpack(redis.call('HMGET', KEYS[1], 'token', 'status'))
if token == ARGV[1] and not status then
  redis.call('HSET', KEYS[1], 'status', ARGV[2], 'body', ARGV[3])
end
`);

/** KEYS: as above. ARGV: token. Drops this token's claim, if it has no answer: a hash without fields is gone. */
export const DROP_CLAIM = new RedisScript(`
local token, status = unpack(redis.call('HMGET', KEYS[1], 'token', 'status'))
if token == ARGV[1] and not status then
  redis.call('HDEL', KEYS[1], 'request', 'token', 'at')
end
`);
