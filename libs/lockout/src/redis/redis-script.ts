import { createHash } from 'node:crypto';

/** Begins a script whose first argument is the time, epoch ms, or empty: then `now` is the server's. */
export const NOW = `
local time = redis.call('TIME')
local now = tonumber(ARGV[1]) or (time[1] * 1000 + math.floor(time[2] / 1000))
`;

/** A Lua script, known to the server by its SHA-1 once it was sent. */
export class RedisScript {
  readonly sha: string;

  constructor(readonly text: string) {
    this.sha = createHash('sha1').update(text).digest('hex');
  }
}
