/** What JSON answers may have in them; which of it one has is for the test to say. */
export interface AnswerBody {
  readonly status: number;
  readonly detail: string;
  readonly reason: string;
  readonly retryAt: string;
  readonly policy: string;
  readonly username: string;
  readonly lockoutEndDate: string;
  readonly recoveryCodes: readonly string[];
  readonly changed: boolean;
  readonly items: readonly {
    readonly account: string;
    readonly locks: readonly { readonly failures: number }[];
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

/** Somebody with a browser: keeps the cookies that the app sets. */
export class Visitor {
  readonly cookies = new Map<string, string>();

  constructor(readonly url: string) {}

  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('GET', path, undefined, headers);
  }

  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('POST', path, JSON.stringify(body), { 'Content-Type': 'application/json', ...headers });
  }

  login(username: string, password: string): Promise<Answer> {
    return this.post('/auth/login', { username, password });
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
      headers: { ...(cookie && { Cookie: cookie }), ...headers },
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
  async mails(username: string): Promise<readonly Mail[]> {
    return (await this.allMails()).filter(({ to }) => to.startsWith(`${username}@`));
  }

  /** The token of the newest link mailed to somebody. */
  async mailedToken(username: string): Promise<string> {
    const [mail] = await this.mails(username);
    return /token=([\w-]+)/.exec(mail?.text ?? '')?.[1] ?? '';
  }

  /** The newest code mailed to somebody. */
  async mailedCode(username: string): Promise<string> {
    const mail = (await this.mails(username)).find(({ text }) => /code is \d/.test(text));
    return /code is (\d{6})/.exec(mail?.text ?? '')?.[1] ?? '';
  }
}
