import { z } from 'zod';
import { normaliseAccountId } from '../key/account-id.js';
import { canonicalAddress } from '../key/address.js';
import { normaliseDevice } from '../key/device.js';
import { normaliseIdentifier } from '../key/identifier.js';
import { InvalidSubjectError } from '../key/invalid-subject-error.js';
import { DEFAULT_REALM, normaliseRealm } from '../key/realm.js';
import type { LockedSort } from '../store/directory.js';
import { EVENT_TYPES } from '../store/event-types.js';
import { printable, UNPRINTABLE } from './printable-text.js';
import { Problem } from './problem.js';
import { simulateBody } from './simulation-schema.js';

/** Longest reason, in UTF-16 code units. */
export const MAX_REASON_LENGTH = 500;
/** Longest name of a brand that policies are saved for: what a row of them holds. */
export const MAX_BRAND_LENGTH = 64;
/** Most items of a page, and how many without `limit`. */
export const MAX_LIMIT = 100;
export const DEFAULT_LIMIT = 50;

/** Most deliveries of one call. */
export const MAX_DELIVERIES = 100;
/** Longest name of a method, in UTF-16 code units. */
export const MAX_METHOD_LENGTH = 64;
/** Most hours of an overview, and how many without `hours`. */
export const MAX_HOURS = 48;
export const DEFAULT_HOURS = 24;
/** An opaque id: of a record, an account or an address. */
export const ID = /^[0-9a-f]{64}$/;

const SORTS: readonly LockedSort[] = ['until', 'since', 'lastFailureAt'];

/** Text that `normalise` takes; what it says against it becomes the problem. */
const textFor = <T>(normalise: (text: string) => T) =>
  z.string().transform((text, context): T => {
    try {
      return normalise(text);
    } catch (error) {
      if (!(error instanceof InvalidSubjectError)) throw error;
      context.addIssue({ code: 'custom', message: error.message });
      return z.NEVER;
    }
  });

const realm = textFor(normaliseRealm);
const accountId = textFor(normaliseAccountId);
const address = z
  .string()
  .refine((text) => canonicalAddress(text) !== null, 'must be an IPv4 or IPv6 address');
const id = z.string().regex(ID, 'is not an id of this API');
const reason = z
  .string('is required: say why')
  .max(MAX_REASON_LENGTH, `must be at most ${MAX_REASON_LENGTH} characters`)
  .refine((text) => text.trim() !== '', 'must not be blank')
  .refine((text) => !UNPRINTABLE.test(text), 'must not contain line breaks, control or broken characters');
/** Settings as they are sent: what is in them the engine says, all at once. */
const settings = z
  .custom<Readonly<Record<string, unknown>>>(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    'must be an object: the policy, or the fields that differ from configuration',
  )
  .meta({ type: 'object' });
const flag = z.enum(['true', 'false', '1', '0']).transform((text) => text === 'true' || text === '1');
const limit = z
  .string()
  .regex(/^\d{1,4}$/, `must be a whole number from 1 to ${MAX_LIMIT}`)
  .transform(Number)
  .refine((count) => count >= 1 && count <= MAX_LIMIT, `must be a whole number from 1 to ${MAX_LIMIT}`)
  .default(DEFAULT_LIMIT);

const cursor = z.string().min(1).max(1000).optional();

const nameOrId = (text: {
  readonly id?: string;
  readonly account?: string;
  readonly address?: string;
}): boolean => (text.id === undefined ? text.account !== undefined : text.account === undefined);

/** `{realm?, account, unknown?, address?}` or `{id, address?}`. */
const account = z
  .strictObject({
    realm: realm.optional(),
    account: accountId.optional(),
    unknown: z.boolean().optional(),
    id: id.optional(),
    address: address.optional(),
  })
  .refine(nameOrId, 'needs an account (with its realm) or an id, and not both')
  .refine(
    ({ account: name, unknown }) => name === undefined || unknown !== true || isIdentifier(name),
    'cannot be a name that nobody has',
  )
  .transform(({ realm: where = DEFAULT_REALM, account: name = '', unknown, id: key, address: at }) => ({
    ...(key === undefined
      ? { realm: where, account: name, ...(unknown === undefined ? {} : { unknown }) }
      : { id: key }),
    ...(at === undefined ? {} : { address: at }),
  }));

const listQuery = z.object({
  state: z.enum(['locked', 'any']).default('locked'),
  q: z
    .string()
    .max(320, 'must be at most 320 characters')
    .refine((text) => !UNPRINTABLE.test(text), 'must not contain control or broken characters')
    .transform((text) => text.trim() || undefined)
    .optional(),
  realm: realm.optional(),
  sort: z.enum(SORTS).default('until'),
  cursor,
  limit,
});

const brand = z
  .string()
  .max(MAX_BRAND_LENGTH, `must be at most ${MAX_BRAND_LENGTH} characters`)
  .refine((text) => !UNPRINTABLE.test(text), 'must not contain control or broken characters')
  // Browsers take such segments out of a path: what was meant for the brand would reach the global policy.
  .refine((text) => !/^\.{1,2}$/.test(text), 'must not be a dot or two');

const hours = z
  .string()
  .regex(/^\d{1,2}$/, `must be a whole number from 1 to ${MAX_HOURS}`)
  .transform(Number)
  .refine((count) => count >= 1 && count <= MAX_HOURS, `must be a whole number from 1 to ${MAX_HOURS}`)
  .default(DEFAULT_HOURS);

/** Of the outbox; what is in it only the store knows. */
const deliveryId = z.string().regex(/^[\x21-\x7e]{1,200}$/, 'is not an id of a delivery');
const deliveries = z.strictObject({
  ids: z
    .array(deliveryId)
    .min(1, 'names no delivery')
    .max(MAX_DELIVERIES, `must name at most ${MAX_DELIVERIES} deliveries`),
  reason,
});

const eventFilter = {
  realm: realm.optional(),
  account: accountId.optional(),
  unknown: flag.optional(),
  address: address.optional(),
  type: z.enum(EVENT_TYPES).optional(),
};

const moment = z.iso
  .datetime({ offset: true, error: 'must be a moment as ISO-8601, such as 2030-01-31T12:00:00.000Z' })
  .transform((text) => Date.parse(text));

const explainQuery = z
  .object({
    realm: realm.optional(),
    account: accountId.optional(),
    unknown: flag.optional(),
    address: address.optional(),
    device: textFor(normaliseDevice).optional(),
    method: printable(MAX_METHOD_LENGTH).optional(),
    brand: brand.optional(),
  })
  .refine(
    ({ account: name, address: at, device }) =>
      name !== undefined || at !== undefined || device !== undefined,
    'needs an account, an address or a device',
  );

export const SCHEMA = {
  listQuery,
  /** How the path's account is meant; see `AccountAddress`. */
  accountQuery: z.object({ unknown: flag.optional() }),
  eventQuery: z.object({ ...eventFilter, cursor, limit }),
  exportQuery: z.object({ ...eventFilter, from: moment.optional() }),
  deliveryQuery: z.object({
    state: z.enum(['waiting', 'dead']).default('dead'),
    sink: z
      .string()
      .regex(/^[a-z0-9-]{1,32}$/, 'is not the name of a sink')
      .optional(),
    cursor,
    limit,
  }),
  retryDeliveries: deliveries,
  dropDeliveries: deliveries,
  realm,
  accountId,
  brand,
  address,
  explainQuery,
  overviewQuery: z.object({ realm: realm.optional(), hours }),
  simulate: simulateBody,
  pageQuery: z.object({ cursor, limit }),
  savePolicy: z.strictObject({ settings, reason }),
  removePolicy: z.strictObject({ reason }),
  revertPolicy: z.strictObject({
    version: z.int('must be a version').min(1, 'must be at least 1'),
    reason,
  }),
  unlockAccount: z.strictObject({ address: address.optional(), reason }),
  unlockAccounts: z.strictObject({ accounts: z.array(account).min(1, 'names no account'), reason }),
  /** `confirm`: the account's name once more, or where none is kept its id. */
  eraseAccount: z.strictObject({ reason, confirm: accountId }),
  lockAccount: z.strictObject({
    until: z.iso
      .datetime({
        offset: true,
        error: 'must be a moment as ISO-8601, such as 2030-01-31T12:00:00.000Z, or null',
      })
      .nullable()
      .transform((text) => (text === null ? null : Date.parse(text))),
    reason,
  }),
  /** Each an address (in `realm`, default `default`), or `{realm?, address}`, or `{id}`. */
  unlockAddresses: z
    .strictObject({
      realm: realm.optional(),
      addresses: z
        .array(
          z.union(
            [address, z.strictObject({ realm: realm.optional(), address }), z.strictObject({ id })],
            'must be an address, {realm, address} or {id}',
          ),
        )
        .min(1, 'names no address'),
      reason,
    })
    .transform(({ realm: where = DEFAULT_REALM, addresses, reason: why }) => ({
      addresses: addresses.map((name) => {
        if (typeof name === 'string') return { realm: where, address: name };
        return 'id' in name ? name : { realm: name.realm ?? where, address: name.address };
      }),
      reason: why,
    })),
  unlockRecord: z.strictObject({ reason }),
  unlockRecords: z.strictObject({ ids: z.array(id).min(1, 'names no record'), reason }),
} as const;

/** @throws {Problem} 400 with every problem at once: `errors: [{path, message}]`. */
export function read<T>(schema: z.ZodType<T>, value: unknown): T {
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  const errors = error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  throw new Problem(
    400,
    errors.map(({ path, message }) => (path ? `${path} ${message}` : message)).join('; '),
    {
      errors,
    },
  );
}

/** @throws {Problem} 422 for more than may be changed at once (CS-14). */
export function requireAtMost(maximum: number, path: string, items: readonly unknown[]): void {
  if (items.length <= maximum) return;
  const message = `At most ${maximum} can be unlocked at once; ${items.length} were named. Nothing was changed.`;
  throw new Problem(422, message, { errors: [{ path, message }] });
}

function isIdentifier(text: string): boolean {
  try {
    normaliseIdentifier(text);
    return true;
  } catch (error) {
    if (error instanceof InvalidSubjectError) return false;
    throw error;
  }
}
