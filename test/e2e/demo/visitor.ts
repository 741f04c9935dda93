import { until } from '../../support/gate.js';

/** As the app calls its two populations of accounts. */
export type Realm = 'default' | 'it';

/** What JSON answers may have in them; which of it one has is for the test to say. */
export interface AnswerBody {
  readonly status: number;
  readonly detail: string;
  readonly reason: string;
  readonly retryAt: string;
  readonly policy: string;
  readonly realm: Realm;
  readonly username: string;
  readonly support?: string;
  readonly errors: readonly { readonly account: string; readonly reason: string }[];
  readonly lockoutEndDate: string;
  readonly storedLockoutEndDate: string;
  readonly recoveryCodes: readonly string[];
  readonly changed: boolean;
  readonly items: readonly {
    readonly realm: Realm;
    readonly account: string;
    readonly address: string;
    readonly type: string;
    readonly locks: readonly { readonly failures: number }[];
    readonly unlockable: boolean;
    readonly reasons: readonly string[];
    readonly support?: string;
  }[];
}

/** An answer, read. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Empty where the answer is not JSON. */
  readonly body: AnswerBody;
  readonly text: string;
}

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly at: string;
}

const MAIL_HOSTS: Readonly<Record<Realm, string>> = { default: 'example.test', it: 'staff.example.test' };

/** Somebody with a browser: keeps the cookies that the app sets. */
export class Visitor {
  readonly cookies = new Map<string, string>();

  /** `address`: where the visitor seems to be, behind a proxy on this machine; default: on this machine. */
  constructor(
    readonly url: string,
    readonly address?: string,
  ) {}

  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('GET', path, undefined, headers);
  }

  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('POST', path, JSON.stringify(body), { 'Content-Type': 'application/json', ...headers });
  }

  /** `realm`: left out, as whoever wrote to the app before there were two. */
  login(username: string, password: string, realm?: Realm): Promise<Answer> {
    return this.post('/auth/login', { username, password, ...(realm && { realm }) });
  }

  async send(
    method: string,
    path: string,
    body: RequestInit['body'],
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const cookie = Array.from(this.cookies, ([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(cookie && { Cookie: cookie }),
        ...(this.address && { 'X-Forwarded-For': this.address }),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '' || /expires=Thu, 01 Jan 1970/i.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : {}, text };
  }

  /** Everybody's mails, newest first. */
  async allMails(): Promise<readonly Mail[]> {
    return JSON.parse((await this.get('/mailbox')).text);
  }

  /** Mails to somebody, newest first. */
  async mails(username: string, realm: Realm = 'default'): Promise<readonly Mail[]> {
    return (await this.allMails()).filter(({ to }) => to === `${username}@${MAIL_HOSTS[realm]}`);
  }

  /** The token of the newest link for signing in or for a new password mailed to somebody; not one that unlocks. */
  mailedToken(username: string, realm?: Realm): Promise<string> {
    return this.mailed(/\/(?:magic-link|reset)\?token=([\w-]+)/, username, realm);
  }

  /** The newest code mailed to somebody. */
  mailedCode(username: string, realm?: Realm): Promise<string> {
    return this.mailed(/code is (\d{6})/, username, realm);
  }

  /** Of the newest mail that has it: mails are written after the answer, so it may not be there yet. */
  private async mailed(pattern: RegExp, username: string, realm?: Realm): Promise<string> {
    let found: string | undefined;
    await until(async () => {
      const texts = (await this.mails(username, realm)).map(({ text }) => text);
      found = texts.map((text) => pattern.exec(text)?.[1]).find((part) => part !== undefined);
      return found !== undefined;
    });
    return found ?? '';
  }
}
