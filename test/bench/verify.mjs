/**
 * The check of the credential, stubbed. Where time is measured it answers at once: everything else is what is measured.
 */
export const right = async () => true;
export const wrong = async () => false;

/** As slow as a password hash, ms. */
const HASHING_MS = 50;

/** Wrong, after as long as a password hash takes. */
export const slowlyWrong = async () => {
  await new Promise((resolve) => setTimeout(resolve, HASHING_MS));
  return false;
};
