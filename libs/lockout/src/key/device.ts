import { opaqueText } from './opaque-text.js';

/** Longest device or custom part, in UTF-16 code units: room for a 256-bit token in any encoding, not for a document. */
export const MAX_PART_LENGTH = 256;

/**
 * The token by which the application recognises a device, taken exactly as it is. The application must have verified
 * it (a signed or stored token): whoever may invent devices gets a budget for each.
 * @param device string of 1 to {@link MAX_PART_LENGTH} UTF-16 code units.
 * @throws {InvalidSubjectError} not a string, blank, too long, control characters, lone surrogates.
 */
export function normaliseDevice(device: unknown): string {
  return opaqueText(device, { field: 'device', noun: 'device', maxLength: MAX_PART_LENGTH });
}

/**
 * The value of a scope part of the application's own (`{ custom: 'tenant' }`), taken exactly as it is.
 * @param value string of 1 to {@link MAX_PART_LENGTH} UTF-16 code units.
 * @throws {InvalidSubjectError} not a string, blank, too long, control characters, lone surrogates.
 */
export function normaliseCustomPart(value: unknown): string {
  return opaqueText(value, {
    field: 'custom',
    noun: 'custom scope part',
    maxLength: MAX_PART_LENGTH,
    numberHint: 'Pass String(value).',
  });
}
