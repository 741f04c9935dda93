import { directoryContract, lockoutStoreContract } from 'nestjs-lockout/testing';
import type { TypeormLockoutStore } from 'nestjs-lockout/typeorm';
import { declaredLaws } from './declared-laws.js';

/** Fewer than the contract's own: what is tried here is the connection, not the race. */
const CALLERS = 16;

/**
 * The laws that walk hundreds of rows from page to page, or look through everything that the kinds before left: most of the
 * time, and about reading alone.
 */
export const WALKS = [
  'lists every account once that is any, by every sort and filter',
  'lists every account once that is locked, by every sort and filter',
  'lists every address once that is any, by every sort and filter',
  'lists every address once that is locked, by every sort and filter',
  'lists every event once, latest first, by every filter',
  'skips and repeats nothing when records go between two pages',
  'erases an account from the origin of what is recorded of addresses',
  'erases in steps that are recorded once, and counted together',
  'drops events of before a time, the oldest first, and no others',
  'keeps an event until nothing of it is to be delivered',
  'drops each event once, however many do it at once',
];

/**
 * The whole contract, and the directory's, as one test: for the same promises over many kinds of connection.
 * Throws the first law that does not hold, by its name.
 *
 * @param except Laws that are known not to hold, each of which has to exist.
 */
export async function everyLaw(
  store: TypeormLockoutStore,
  other: TypeormLockoutStore,
  except: readonly string[] = [],
): Promise<void> {
  // The stores outlive each law.
  const close = async (): Promise<void> => {};
  const opened = { store, other, audit: store, directory: store, close };
  const laws = declaredLaws((runner) => {
    lockoutStoreContract(runner, '', async () => opened, { callers: CALLERS });
    directoryContract(runner, '', async () => opened);
  });
  const unknown = except.filter((title) => !laws.some((law) => law.title === title));
  if (unknown.length > 0) throw new Error(`There is no such law: ${unknown.join(', ')}`);
  for (const { title, body } of laws) {
    if (except.includes(title)) continue;
    try {
      await body();
    } catch (error) {
      throw new Error(`It does not hold that a store ${title}`, { cause: error });
    }
  }
}
