import { isSent, type Kind } from './authenticators.js';
import type { Person } from './people.js';
import type { Site } from './site.js';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
  /** What a person reads: the problem's detail, or the message of Nest's own answers. */
  readonly sentence: string | undefined;
}

/** The fields that tests read one by one, of all the answers there are. */
export interface Body {
  readonly detail?: string;
  readonly message?: string;
  readonly token?: string;
  readonly reason?: string;
  readonly retryAt?: string | null;
  readonly [field: string]: unknown;
}

/** Where somebody sits, and at what. */
export interface Place {
  readonly address: string;
  readonly brand?: string;
  readonly device?: string;
  readonly userAgent?: string;
}

/** The name and password that somebody, or somebody's program, has in mind. */
export interface Credentials {
  readonly realm: string;
  readonly name: string;
  readonly password: string;
}

/** Somebody who uses the application over HTTP: the owner of an account, or whoever tries to get in. */
export class Visitor {
  constructor(
    readonly site: Site,
    /** Whose account it is; null: nobody has that name. */
    readonly person: Person | null,
    readonly credentials: Credentials,
    readonly place: Place,
    private readonly token?: string,
  ) {}

  /** The account's id; for a name nobody has, the name. */
  get account(): string {
    return this.person?.id ?? this.credentials.name;
  }

  /** The same person somewhere else, or with something else in mind. */
  at(change: Partial<Place & Credentials>): Visitor {
    const { realm, name, password, ...place } = { ...this.credentials, ...this.place, ...change };
    return new Visitor(this.site, this.person, { realm, name, password }, place, this.token);
  }

  /** The same on another process of the application. */
  on(site: Site): Visitor {
    return new Visitor(site, this.person, this.credentials, this.place);
  }

  signIn(method = 'password'): Promise<Answer> {
    return this.attempt(method, true);
  }

  /** A wrong credential of the right shape. */
  guess(method = 'password'): Promise<Answer> {
    return this.attempt(method, false);
  }

  /** So many wrong ones, one after the other; the answers' statuses. */
  async guesses(count: number, method = 'password'): Promise<readonly number[]> {
    const statuses: number[] = [];
    for (let n = 0; n < count; n += 1) statuses.push((await this.guess(method)).status);
    return statuses;
  }

  /** Signs in and stays so: the session's visitor. */
  async session(method = 'password'): Promise<Visitor> {
    const { status, body } = await this.signIn(method);
    if (status !== 200 || !body.token) throw new Error(`${this.credentials.name} cannot sign in: ${status}.`);
    return new Visitor(this.site, this.person, this.credentials, this.place, body.token);
  }

  /** What this person's mailbox got last asked for, used: sets the new password. */
  async completeReset(password: string): Promise<Visitor> {
    const mail = this.site.post.mailbox(this.account).findLast(({ subject }) => subject.startsWith('Reset'));
    const { status } = await this.post('/password-reset', { token: mail?.text, password });
    if (status !== 204) throw new Error(`The password was not reset: ${status}.`);
    return this.at({ password });
  }

  askReset(): Promise<Answer> {
    return this.post('/password-reset/request', { username: this.credentials.name });
  }

  async resetPassword(password: string): Promise<Visitor> {
    await this.askReset();
    return this.completeReset(password);
  }

  get(path: string): Promise<Answer> {
    return this.send('GET', path);
  }

  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer> {
    return this.send('POST', path, body, headers);
  }

  async send(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const { address, brand, device, userAgent } = this.place;
    const response = await fetch(this.site.url + path, {
      method,
      redirect: 'manual',
      headers: {
        'x-forwarded-for': address,
        'x-realm': this.credentials.realm,
        ...(brand === undefined ? {} : { 'x-brand': brand }),
        ...(device === undefined ? {} : { 'x-device': device }),
        ...(userAgent === undefined ? {} : { 'user-agent': userAgent }),
        ...(this.token === undefined ? {} : { authorization: `Bearer ${this.token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json', 'x-lockout-admin': '1' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const read = (text === '' ? {} : JSON.parse(text)) as Body;
    return {
      status: response.status,
      headers: response.headers,
      body: read,
      sentence: read.detail ?? read.message,
    };
  }

  private async attempt(method: string, right: boolean): Promise<Answer> {
    const { name: username, password } = this.credentials;
    if (method === 'password') {
      return this.post('/auth/password', { username, password: right ? password : `not ${password}` });
    }
    const kind = method as Kind;
    const { authenticators } = this.site;
    if (isSent(kind)) await this.post(`/auth/${kind}/request`, { username });
    const credential = authenticators[right ? 'right' : 'wrong'](kind, this.account);
    return this.post(`/auth/${kind}`, { username, credential });
  }
}
