import { createHash } from 'node:crypto';

/** A Lua script, known to the server by its SHA-1 once it was sent. */
export class RedisScript {
  readonly sha: string;

  constructor(readonly text: string) {
    this.sha = createHash('sha1').update(text).digest('hex');
  }
}
