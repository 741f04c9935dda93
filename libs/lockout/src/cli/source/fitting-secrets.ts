import { KeyRing } from '../../key/index.js';
import { CommandProblem } from '../command-problem.js';
import { EXIT } from '../terminal.js';

/** What the store remembers of the secrets that it was filled with. */
interface Fingerprinted {
  storedFingerprint(): Promise<string | null>;
}

export interface FittingSecrets {
  /** The one that every running process knows comes first. */
  readonly secrets: readonly (string | Uint8Array)[];
  /** `false`: no process has begun yet, so nobody can tell. */
  readonly isCertain: boolean;
}

/**
 * Checks that the secrets are those of the application: under others nothing is found, and what is locked is locked for
 * nobody. Leaves no trace: the first fingerprint, and the next one while secrets rotate, are the application's to write.
 *
 * @throws {CommandProblem} they are not.
 */
export async function fittingSecrets(
  secrets: readonly (string | Uint8Array)[],
  store: Fingerprinted,
): Promise<FittingSecrets> {
  const stored = await store.storedFingerprint();
  if (stored === null) return { secrets, isCertain: false };
  const index = new KeyRing(secrets).fingerprints().indexOf(stored);
  const current = secrets[index];
  if (current === undefined) {
    throw new CommandProblem(
      [
        'These secrets do not fit this database: its records were made with another one. Give those of the application ' +
          '(LOCKOUT_SECRETS or --secrets-file, one a line), while they rotate both.',
      ],
      EXIT.usage,
    );
  }
  return { secrets: [current, ...secrets.filter((_, other) => other !== index)], isCertain: true };
}
