import { availableParallelism } from 'node:os';
import { Injectable } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import { HashingSlots } from './hashing-slots.js';

/** OWASP's recommendation for Argon2id, which is the package's default variant: 19 MiB, two passes, one lane. */
const ARGON2ID = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Longest password in UTF-8 bytes: nobody types more, and hashing megabytes is an attack. */
export const MAX_PASSWORD_BYTES = 1024;

/** Of no password: what a guess at a name that nobody has is checked against, so that it takes as long (R43). */
const DUMMY_HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5LWhhcy10aGlz$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';

const MAX_WAITING = 1_000;

/** Argon2id, off the main thread, as many at once as there are cores: each holds 19 MiB and a core. */
@Injectable()
export class PasswordHasher {
  private readonly slots = new HashingSlots(availableParallelism(), MAX_WAITING);

  hash(password: string): Promise<string> {
    return this.slots.run(() => hash(password, ARGON2ID));
  }

  /** `stored` null: there is no such account; takes as long, and is never right. */
  async verify(stored: string | null, password: string): Promise<boolean> {
    const right = await this.slots.run(() => verify(stored ?? DUMMY_HASH, password));
    return stored !== null && right;
  }
}
