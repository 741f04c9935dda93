/** How texts are made: by the page from the catalogue and the reader's language, in tests from what they are about. */
export interface Wording {
  /** A text of the catalogue. */
  readonly text: (id: string, values?: Readonly<Record<string, string | number>>) => string;
  /** `5 minutes`. */
  readonly duration: (durationMs: number) => string;
  /** A moment, in the reader's time zone. */
  readonly moment: (iso: string) => string;
  /** `password, otp and totp`. */
  readonly list: (items: readonly string[]) => string;
}
