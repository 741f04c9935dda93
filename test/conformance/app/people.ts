import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

/** What somebody is in an organisation. */
export type Role = 'member' | 'admin' | 'owner';

/** One account of the application. */
export interface Person {
  readonly id: string;
  readonly realm: string;
  /** Changes when the person renames the account. */
  readonly name: string;
  /** What the person may do as an administrator. */
  readonly permissions: ReadonlySet<string>;
  readonly organisations: ReadonlyMap<string, Role>;
  /** Whether the password is only the first of two factors. */
  readonly secondFactor: boolean;
}

export interface NewPerson {
  readonly name: string;
  readonly password: string;
  readonly realm?: string;
  readonly permissions?: readonly string[];
  readonly organisations?: Readonly<Record<string, Role>>;
  readonly secondFactor?: boolean;
}

/** Where the application finds its people and verifies their passwords; a custom one may take its place (OS-27). */
export interface UserProvider {
  /** The account of that name; null: nobody has it. */
  find(realm: string, name: string): Promise<Person | null>;
  /** Whose password this is; null: wrong, or nobody has that name. */
  verify(realm: string, name: string, password: string): Promise<Person | null>;
}

export const USER_PROVIDER = Symbol('user provider');

const derive = promisify(scrypt) as (
  password: string,
  salt: Buffer,
  length: number,
  cost: { readonly N: number; readonly r: number },
) => Promise<Buffer>;

/** Far too cheap for a real application: what is tested is when a password is verified, not how slowly. */
const COST = { N: 16, r: 1 } as const;

export interface PasswordHash {
  readonly salt: Buffer;
  readonly digest: Buffer;
}

export async function hashPassword(password: string): Promise<PasswordHash> {
  const salt = randomBytes(16);
  return { salt, digest: await derive(password, salt, 32, COST) };
}

export async function isPassword({ salt, digest }: PasswordHash, password: string): Promise<boolean> {
  return timingSafeEqual(await derive(password, salt, 32, COST), digest);
}

/** The accounts of one application; several processes of it share them, as they would a table. */
export class People implements UserProvider {
  private readonly byId = new Map<string, Person>();
  private readonly passwords = new Map<string, PasswordHash>();
  /** So that a guess at a name nobody has costs what any other costs. */
  private readonly nobody = hashPassword('nobody');

  async add({ name, password, realm = 'default', ...more }: NewPerson): Promise<Person> {
    const person: Person = {
      id: `person-${this.byId.size + 1}`,
      realm,
      name,
      permissions: new Set(more.permissions),
      organisations: new Map(Object.entries(more.organisations ?? {})),
      secondFactor: more.secondFactor ?? false,
    };
    this.byId.set(person.id, person);
    await this.setPassword(person.id, password);
    return person;
  }

  get(id: string): Person | undefined {
    return this.byId.get(id);
  }

  async find(realm: string, name: string): Promise<Person | null> {
    for (const person of this.byId.values()) {
      if (person.realm === realm && person.name === name) return person;
    }
    return null;
  }

  async verify(realm: string, name: string, password: string): Promise<Person | null> {
    const person = await this.find(realm, name);
    const stored = person ? this.passwords.get(person.id) : undefined;
    const right = await isPassword(stored ?? (await this.nobody), password);
    return right && stored ? person : null;
  }

  async setPassword(id: string, password: string): Promise<void> {
    this.passwords.set(id, await hashPassword(password));
  }

  rename(id: string, name: string): void {
    const person = this.byId.get(id);
    if (person) this.byId.set(id, { ...person, name });
  }
}
