import { createHash } from 'node:crypto';
import type { Request } from 'express';
import type { User } from '../users/user.entity.js';

export const stampOf = ({ passwordHash }: User): string =>
  createHash('sha256').update(passwordHash).digest('base64url');

/** Signs in under a new session id: one planted before (session fixation) is worth nothing afterwards. */
export async function signIn(request: Request, user: User): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    request.session.regenerate((error) => (error ? reject(error) : resolve()));
  });
  request.session.realm = user.realm;
  request.session.username = user.username;
  request.session.stamp = stampOf(user);
  await new Promise<void>((resolve, reject) => {
    request.session.save((error) => (error ? reject(error) : resolve()));
  });
}

export async function signOut(request: Request): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    request.session.destroy((error) => (error ? reject(error) : resolve()));
  });
}
