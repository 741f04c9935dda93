import { RedisScript } from './redis-script.js';

/** The scripts that list records, a bounded part at a time. Each reads one shard and writes nothing. */

/** KEYS: `records`, an index. ARGV: up to which score, how many. Answers key and record, lowest score first. */
export const DUE = new RedisScript(`
local keys = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', ARGV[1], 'LIMIT', 0, ARGV[2])
local found = {}
for _, key in ipairs(keys) do
  found[#found + 1] = key
  found[#found + 1] = redis.call('HGET', KEYS[1], key)
end
return found
`);

/**
 * KEYS: `records`, an index. ARGV: score and key after which to begin, or nothing, and how many. Answers key and record,
 * highest score first and among equals highest key first. Compares bytes: the server's own order depends on its locale.
 */
export const WALK = new RedisScript(`
local function isBelow(key, other)
  for n = 1, #other do
    local a, b = key:byte(n) or -1, other:byte(n)
    if a ~= b then
      return a < b
    end
  end
  return false
end

local first, score, after = 0, ARGV[1], ARGV[2]
if score ~= '' then
  first = redis.call('ZCOUNT', KEYS[2], '(' .. score, '+inf')
  local last = first + redis.call('ZCOUNT', KEYS[2], score, score)
  while first < last do
    local middle = math.floor((first + last) / 2)
    if isBelow(redis.call('ZREVRANGE', KEYS[2], middle, middle)[1], after) then
      last = middle
    else
      first = middle + 1
    end
  end
end
local found = {}
for _, key in ipairs(redis.call('ZREVRANGE', KEYS[2], first, first + ARGV[3] - 1)) do
  found[#found + 1] = key
  found[#found + 1] = redis.call('HGET', KEYS[1], key)
end
return found
`);

/**
 * KEYS: `records`, `until`. ARGV: the time, how many to pass over, how many to look at, `a` or `d`, and realms. Answers how
 * many it looked at, and how many of these are locks of accounts (`a`) or of addresses alone (`d`) in the realms. What a
 * record begins with is in `record-scripts.ts`; its row begins with the format, the kind and length of the realm, and it.
 */
export const COUNT = new RedisScript(`
local absent, kind, realms = string.rep('\\0', 8), ARGV[4], {}
for at = 5, #ARGV do
  realms[ARGV[at]] = true
end
local keys = redis.call('ZRANGEBYSCORE', KEYS[2], '(' .. ARGV[1], '+inf', 'LIMIT', ARGV[2], ARGV[3])
local found = 0
for _, key in ipairs(keys) do
  local stored = redis.call('HGET', KEYS[1], key)
  if stored then
    local account, address, length, from = stored:sub(33, 40), stored:sub(41, 48), stored:byte(51), 52
    if length > 127 then
      length, from = length - 128 + 128 * stored:byte(52), 53
    end
    local isOf = account ~= absent
    if kind == 'd' then
      isOf = account == absent and address ~= absent
    end
    if isOf and realms[stored:sub(from, from + length - 1)] then
      found = found + 1
    end
  end
end
return { #keys, found }
`);

/** KEYS: `records`, `subjects`. ARGV: from and to which entry, how many. Answers entry and record. */
export const OF_SUBJECT = new RedisScript(`
local found = {}
for _, entry in ipairs(redis.call('ZRANGEBYLEX', KEYS[2], ARGV[1], ARGV[2], 'LIMIT', 0, ARGV[3])) do
  found[#found + 1] = entry
  found[#found + 1] = redis.call('HGET', KEYS[1], entry:sub(-32))
end
return found
`);
