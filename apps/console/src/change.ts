/** Bytes of an idempotency key: nobody guesses it, and no two are alike. */
const KEY_BYTES = 16;

/**
 * One change that the operator asked for. As long as no answer came, sending the same again carries the same
 * `Idempotency-Key`, so a retry after a lost connection does it once. After an answer, or with other content, it is
 * another change.
 */
export class Change {
  private pending: { readonly request: string; readonly key: string } | null = null;

  /** The key to send this request with. */
  keyFor(request: string): string {
    if (this.pending?.request === request) return this.pending.key;
    const key = randomKey();
    this.pending = { request, key };
    return key;
  }

  /** An answer came: the key has done its work. */
  answered(): void {
    this.pending = null;
  }
}

/** Not `crypto.randomUUID`, which browsers have over HTTPS only. */
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
