export const PUBLIC_URL = Symbol('PUBLIC_URL');

/** What links in mails begin with; known once the server listens. */
export class PublicUrl {
  constructor(private url: string) {}

  get(): string {
    return this.url;
  }

  set(url: string): void {
    this.url = url.replace(/\/+$/, '');
  }
}
