/** How long a statement may take in a test that is not about how long it takes: machines that build do much else. */
export const PATIENCE_MS = 10_000;
