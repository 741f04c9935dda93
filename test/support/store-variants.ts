import { describe } from '@jest/globals';
import type { TypeormLockoutStoreOptions } from 'nestjs-lockout/typeorm';
import { type DatabaseServer, serversOf } from './databases.js';

/** A kind of connection, or of names, that a contract is tried over. */
export interface StoreVariant {
  readonly name: string;
  readonly of: readonly DatabaseServer['name'][];
  readonly store?: TypeormLockoutStoreOptions;
  readonly dataSource?: Record<string, unknown>;
}

/** A suite for each variant on each of its servers that this run has; `name` tells both. */
export function describeVariants<Variant extends StoreVariant>(
  variants: readonly Variant[],
  suite: (server: DatabaseServer, variant: Variant, name: string) => void,
): void {
  for (const variant of variants) {
    for (const server of serversOf(...variant.of)) {
      describe(server.name, () => suite(server, variant, `${server.name}, ${variant.name}`));
    }
  }
}
