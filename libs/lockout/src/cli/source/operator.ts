import { type ResolvedAdminOptions, resolveAdminOptions } from '../../admin/admin-options.js';
import { Permission } from '../../admin/permission.js';

/** Most accounts or addresses that are unlocked together from the command line: one swap holds them all. */
export const OPERATOR_MAXIMUM = 100;

/**
 * Whoever can reach the store with its secrets may do everything: he could as well change the rows. What he says his name
 * is stands in the record of events.
 */
export function operatorOptions(by: string): ResolvedAdminOptions {
  return resolveAdminOptions({
    guards: [{ canActivate: () => true }],
    actor: () => by,
    bulkMaximum: OPERATOR_MAXIMUM,
  });
}

/** `by`: whom changes are recorded of; for looking any name will do. */
export const operatorPermission = (by = 'nestjs-lockout'): Permission =>
  new Permission(operatorOptions(by), null);
