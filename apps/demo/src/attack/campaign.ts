import { CUSTOMERS, type Realm, STAFF } from '../users/realm.js';
import { CROWD, SEED_PASSWORD } from '../users/seeds.js';

/** One attempt to sign in, and the address that it seems to come from. */
export interface SignInAttempt {
  readonly realm: Realm;
  readonly username: string;
  readonly password: string;
  readonly address: string;
}

/** Something that happens to the app, to be told in one line. */
export interface Phase {
  readonly title: string;
  readonly attempts: readonly SignInAttempt[];
}

/** Networks for documentation (RFC 5737, RFC 3849): they are nobody's. */
const HOME = '192.0.2';
const BOTNET = '198.51.100';
const HOSTER = '203.0.113';
const IPV6_HOSTER = '2001:db8:5::';

const times = <T>(count: number, make: (n: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, n) => make(n));

/** People as they are: no phase of theirs locks anybody. */
function forgetful(): readonly SignInAttempt[] {
  const person = (realm: Realm, username: string, address: string) =>
    ['my old password', 'my oldest password', SEED_PASSWORD].map(
      (password): SignInAttempt => ({ realm, username, password, address }),
    );
  return [...person(CUSTOMERS, 'alice', `${HOME}.7`), ...person(STAFF, 'frank', `${HOME}.8`)];
}

/**
 * A list of names and passwords from somebody else's leak, tried by three machines: most names are unknown here, each
 * of the others is tried once by each, and one person used the same password twice.
 */
function stuffing(): readonly SignInAttempt[] {
  const strangers = times(40, (n) => `customer${n + 1}@mail.example`);
  return times(3, (machine) => {
    const names = times(CROWD.length, (n) => [CROWD[n], strangers[2 * n], strangers[2 * n + 1]]).flat();
    return names.map(
      (username = ''): SignInAttempt => ({
        realm: CUSTOMERS,
        username,
        password: machine === 0 && username === 'hana' ? SEED_PASSWORD : `leaked ${machine}`,
        address: `${HOSTER}.${11 + machine}`,
      }),
    );
  }).flat();
}

/** Many machines after a few people, so that no address is conspicuous: it is the account that locks. */
function targeted(): readonly SignInAttempt[] {
  const victims: readonly (readonly [Realm, string])[] = [
    [CUSTOMERS, 'bob'],
    [CUSTOMERS, 'carol'],
    [CUSTOMERS, 'olga'],
    [CUSTOMERS, 'mia'],
    [STAFF, 'alice'],
  ];
  return times(12, (round) =>
    victims.map(
      ([realm, username], n): SignInAttempt => ({
        realm,
        username,
        password: `guess ${round}`,
        address: `${BOTNET}.${1 + round * victims.length + n}`,
      }),
    ),
  ).flat();
}

/** One password at a time for many names that nobody has, from a network of its own: its addresses count as one. */
function spray(): readonly SignInAttempt[] {
  return times(2, (round) =>
    times(
      30,
      (n): SignInAttempt => ({
        realm: CUSTOMERS,
        username: `info${n + 1}`,
        password: round === 0 ? 'Summer2026!' : 'Welcome1',
        address: `${IPV6_HOSTER}${1 + (n % 3)}`,
      }),
    ),
  ).flat();
}

/** The names that every machine on the internet is asked for: nobody's here, and locked like anybody's. */
function usualNames(): readonly SignInAttempt[] {
  const names = ['root', 'administrator', 'test', 'backup'];
  return times(8, (round) =>
    names.map(
      (username): SignInAttempt => ({
        realm: STAFF,
        username,
        password: `${username}${round}`,
        address: `${HOME}.60`,
      }),
    ),
  ).flat();
}

/** Who is locked is refused with the right password too; whoever only has the same name is not. */
function meanwhile(): readonly SignInAttempt[] {
  return [
    { realm: CUSTOMERS, username: 'bob', password: SEED_PASSWORD, address: `${HOME}.9` },
    { realm: CUSTOMERS, username: 'alice', password: SEED_PASSWORD, address: `${HOME}.7` },
    { realm: STAFF, username: 'alice', password: SEED_PASSWORD, address: `${HOME}.10` },
  ];
}

/** What is played, in order. Always the same, so that what the console shows can be explained. */
export function campaign(): readonly Phase[] {
  return [
    { title: 'A customer and a colleague mistype, then get in', attempts: forgetful() },
    { title: 'Leaked passwords: many accounts, three addresses', attempts: stuffing() },
    { title: 'Guesses at five people, from sixty addresses', attempts: targeted() },
    { title: 'A password for many unknown names, from one network', attempts: spray() },
    { title: 'The usual names, in the realm of the staff', attempts: usualNames() },
    { title: 'Bob and both alices come back, with the right password', attempts: meanwhile() },
  ];
}
