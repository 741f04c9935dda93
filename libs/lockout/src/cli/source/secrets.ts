import { readFileSync } from 'node:fs';
import { KeyRing, KeySecretError } from '../../key/index.js';

const ENCODED = /^(base64|hex):(.+)$/s;

/**
 * Key secrets from a text, one a line, the current one first. As they stand (UTF-8), or bytes as `base64:…` or `hex:…`.
 * Adds what is wrong to `problems`; never quotes a secret.
 */
export function readSecrets(
  from: string,
  text: string,
  problems: string[],
): readonly (string | Uint8Array)[] {
  const secrets = text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line): string | Uint8Array => {
      const [, encoding, encoded] = ENCODED.exec(line) ?? [];
      return encoded === undefined ? line : Buffer.from(encoded, encoding === 'hex' ? 'hex' : 'base64');
    });
  try {
    new KeyRing(secrets);
  } catch (error) {
    if (!(error instanceof KeySecretError)) throw error;
    problems.push(`${from}: ${error.message.replaceAll('\n', ' ')}`);
  }
  return secrets;
}

/** The same from a file. */
export function readSecretsFile(path: string, problems: string[]): readonly (string | Uint8Array)[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    problems.push(`--secrets-file ${path}: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  }
  return readSecrets(`--secrets-file ${path}`, text, problems);
}
