import { z } from 'zod';
import {
  newPasswordField,
  otpField,
  passwordField,
  realmField,
  recoveryCodeField,
  tokenField,
  usernameField,
} from '../http/body-fields.js';

const NOT_AN_OBJECT = { error: 'The body must be a JSON object' };

/** Whose account; as `realmOf` and `username` read it. */
const name = { realm: realmField, username: usernameField };

export const credentialsBody = z.object({ ...name, password: passwordField }, NOT_AN_OBJECT);
export const usernameBody = z.object(name, NOT_AN_OBJECT);
export const otpBody = z.object({ ...name, code: otpField }, NOT_AN_OBJECT);
export const recoveryCodeBody = z.object({ ...name, code: recoveryCodeField }, NOT_AN_OBJECT);
export const tokenBody = z.object({ token: tokenField }, NOT_AN_OBJECT);
export const newPasswordBody = z.object({ token: tokenField, password: newPasswordField }, NOT_AN_OBJECT);
/** Signing out needs nothing, but not from a form on another page. */
export const emptyBody = z.looseObject({}, NOT_AN_OBJECT);

export type UsernameBody = z.infer<typeof usernameBody>;
export type CodeBody = z.infer<typeof otpBody>;
export type TokenBody = z.infer<typeof tokenBody>;
export type NewPasswordBody = z.infer<typeof newPasswordBody>;
