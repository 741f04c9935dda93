/** The secrets for keys cannot be used. Names every problem, by place in the list, and never quotes a secret. */
export class KeySecretError extends Error {
  override readonly name = 'KeySecretError';
  readonly code = 'LOCKOUT_CONFIG';
  /** How to make a good secret. */
  readonly hint =
    "Generate one with: node -e \"console.log(require('node:crypto').randomBytes(32).toString('base64url'))\" " +
    'and keep it outside the code (an environment variable, a secret store).';

  /** @param problems one sentence each. */
  constructor(readonly problems: readonly string[]) {
    super(`Invalid lockout secrets: ${problems.join(' ')}`);
  }
}
