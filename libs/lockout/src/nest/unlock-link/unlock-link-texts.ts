/** What the page of an unlock link says. Plain text: it is escaped where it is shown. */
export interface UnlockLinkTexts {
  /** BCP 47, for the page's `lang`. */
  readonly language: string;
  readonly askTitle: string;
  readonly askBody: string;
  /** On the button that unlocks. */
  readonly askButton: string;
  readonly doneTitle: string;
  readonly doneBody: string;
  /** Of the link to `signInUrl`. */
  readonly signIn: string;
  /** A link that never was, was altered, used, or has expired, and one whose lock is over: nobody is told which. */
  readonly goneTitle: string;
  readonly goneBody: string;
  /** The link is good, but as many locks of the account were lifted by links today as may be. */
  readonly cappedTitle: string;
  readonly cappedBody: string;
  /** The store did not answer. */
  readonly awayTitle: string;
  readonly awayBody: string;
}

export const DEFAULT_UNLOCK_LINK_TEXTS: UnlockLinkTexts = Object.freeze({
  language: 'en',
  askTitle: 'Unlock your account',
  askBody:
    'Your account was locked after failed sign-ins. If they were not yours, unlock it only if you are about to sign in now.',
  askButton: 'Unlock my account',
  doneTitle: 'Your account is unlocked',
  doneBody: 'You can sign in again.',
  signIn: 'Sign in',
  goneTitle: 'This link is not valid',
  goneBody: 'It was used already, is too old, or is not complete. Your account may be unlocked by now.',
  cappedTitle: 'Unlocked too often',
  cappedBody:
    'This account was unlocked by links too often today. Wait until the lock ends, or ask for help.',
  awayTitle: 'Try again in a moment',
  awayBody: 'It is not certain that your account was unlocked. Open the link again in a moment.',
});
