import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { StoreError } from '../../store/store-error.js';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Hides what kept answers are about from whoever reads the store: an answer names accounts, and a request can be
 * guessed (P10). Keys for it are derived from the application's current secret, so what was sealed under a secret that
 * was replaced since is not found any more, and such a call runs again.
 */
export class AnswerSeal {
  readonly #naming: Buffer;
  readonly #sealing: Buffer;

  constructor(secret: string | Uint8Array) {
    const derive = (use: string): Buffer =>
      createHmac('sha256', secret).update(`lockout/1/answer/${use}`).digest();
    this.#naming = derive('name');
    this.#sealing = derive('seal');
  }

  /** A name for these values: 64 hex digits, the same for the same values in the same order only. */
  name(...values: readonly unknown[]): string {
    return createHmac('sha256', this.#naming).update(JSON.stringify(values)).digest('hex');
  }

  /** As text that only {@link open} can read, and only for the same `id`. */
  seal(text: string, id: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.#sealing, nonce).setAAD(Buffer.from(id));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64');
  }

  /** @throws {StoreError} `data`: it was not sealed here, or was changed since. */
  open(sealed: string, id: string): string {
    const bytes = Buffer.from(sealed, 'base64');
    const nonce = bytes.subarray(0, NONCE_BYTES);
    const tag = bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
    try {
      const decipher = createDecipheriv(CIPHER, this.#sealing, nonce, { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(id)).setAuthTag(tag);
      const text = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES));
      return Buffer.concat([text, decipher.final()]).toString('utf8');
    } catch (cause) {
      throw new StoreError('data', 'A kept answer cannot be read.', { cause });
    }
  }
}
