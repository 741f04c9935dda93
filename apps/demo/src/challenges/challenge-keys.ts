import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** Keyed hashes for codes and tokens, each use with a key of its own. */
export class ChallengeKeys {
  private readonly keys = new Map<string, Buffer>();

  constructor(private readonly secret: string) {}

  digest(use: string, ...parts: readonly string[]): Buffer {
    const mac = createHmac('sha256', this.key(use));
    for (const part of parts) mac.update(`${Buffer.byteLength(part)}:${part}`);
    return mac.digest();
  }

  private key(use: string): Buffer {
    const known = this.keys.get(use);
    if (known) return known;
    const key = Buffer.from(hkdfSync('sha256', this.secret, '', `nestjs-lockout-demo/${use}`, 32));
    this.keys.set(use, key);
    return key;
  }
}

/** In a time that does not tell how much of it was right. */
export const sameDigest = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b);
