export { type Account, type AccountRef, resolveAccount } from './account.js';
export { MAX_ACCOUNT_ID_LENGTH, normaliseAccountId } from './account-id.js';
export {
  type AddressOptions,
  canonicalAddress,
  DEFAULT_IPV6_PREFIX,
  OVERFLOW_IPV6_PREFIX,
  overflowNetwork,
} from './address.js';
export { AddressListError, AddressSet } from './address-set.js';
export { MAX_PART_LENGTH, normaliseCustomPart, normaliseDevice } from './device.js';
export { type IdentifierOptions, MAX_IDENTIFIER_LENGTH, normaliseIdentifier } from './identifier.js';
export { InvalidSubjectError, type SubjectField, type SubjectProblem } from './invalid-subject-error.js';
export type { LockoutKey, SubjectHash } from './key.js';
export { type KeyParts, KeyRing, MIN_SECRET_BYTES } from './key-ring.js';
export { KeySecretError } from './key-secret-error.js';
export { DEFAULT_REALM, normaliseRealm } from './realm.js';
export { type SubjectFacts, scopeName, subjectParts } from './scope.js';
