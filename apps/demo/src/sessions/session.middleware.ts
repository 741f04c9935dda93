import type { RequestHandler } from 'express';
import session from 'express-session';
import type { DatabaseSessionStore } from './session-store.js';

export const SESSION_COOKIE = 'demo.sid';

const LIFE_MS = 12 * 60 * 60_000;

export function sessionMiddleware(store: DatabaseSessionStore, secret: string): RequestHandler {
  return session({
    name: SESSION_COOKIE,
    secret,
    store,
    resave: false,
    // No cookie, and no row, before somebody signs in.
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: 'lax', secure: 'auto', maxAge: LIFE_MS },
  });
}
