import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import type { DemoConfig } from './demo-config.js';

/**
 * Where the app is going to listen. Links in mails begin with it, so it is known before there is an app; a port that the
 * system chose (port 0) is held until then.
 */
export class ListeningPlace {
  private constructor(
    readonly port: number,
    readonly host: string,
    /** What links in mails begin with, without a slash at the end. */
    readonly url: string,
    private holder: Server | null,
  ) {}

  static async choose({
    port: wanted,
    host,
    publicUrl,
  }: Pick<DemoConfig, 'port' | 'host' | 'publicUrl'>): Promise<ListeningPlace> {
    const holder = wanted === 0 ? createServer().listen(0, host).unref() : null;
    if (holder) await once(holder, 'listening');
    const port = holder ? (holder.address() as AddressInfo).port : wanted;
    const name = host.includes(':') ? `[${host}]` : host;
    const url = publicUrl ?? `http://${['0.0.0.0', '[::]'].includes(name) ? 'localhost' : name}:${port}`;
    return new ListeningPlace(port, host, url.replace(/\/+$/, ''), holder);
  }

  /** Lets go of the port: whoever calls it listens at once. */
  release(): void {
    this.holder?.close();
    this.holder = null;
  }
}
