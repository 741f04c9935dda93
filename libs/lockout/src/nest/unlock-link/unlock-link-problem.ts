import type { LockoutProblem } from '../../engine/problem.js';

/** What a client of the API is told, as RFC 9457 has it. */
export const UNLOCK_LINK_PROBLEMS = Object.freeze({
  unreadable: {
    type: 'about:blank',
    title: 'Unsupported Media Type',
    status: 415,
    detail: 'Send the token as application/x-www-form-urlencoded or application/json.',
  },
  tokenMissing: {
    type: 'urn:nestjs-lockout:bad-input',
    title: 'Bad request',
    status: 400,
    detail: 'The token is missing.',
    field: 'token',
  },
  gone: {
    type: 'urn:nestjs-lockout:unlock-link-gone',
    title: 'Not found',
    status: 404,
    detail: 'This link is not valid: it was used already, is too old, or is not complete.',
  },
  capped: {
    type: 'urn:nestjs-lockout:unlock-link-capped',
    title: 'Too many unlocks',
    status: 429,
    detail: 'This account was unlocked by links too often today.',
  },
} satisfies Readonly<Record<string, LockoutProblem>>);
