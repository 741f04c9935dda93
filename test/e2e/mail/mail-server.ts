import type { AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

/** A mail as it arrived. */
export interface ArrivedMail {
  /** As the envelope has them. */
  readonly recipients: readonly string[];
  readonly source: string;
  readonly parsed: ParsedMail;
}

/** An answer of the server instead of 250. */
export class MailRefusal extends Error {
  constructor(
    readonly responseCode: number,
    message: string,
  ) {
    super(message);
  }
}

/** A real SMTP server in this process, on a free port of this machine. */
export class MailServer {
  readonly mails: ArrivedMail[] = [];
  /** Asked about each recipient. */
  refuseRecipient: (address: string) => MailRefusal | null = () => null;
  /** Asked about each sender. */
  refuseSender: () => MailRefusal | null = () => null;
  private server: SMTPServer | null = null;
  private port = 0;

  static async open(): Promise<MailServer> {
    const server = new MailServer();
    await server.start();
    return server;
  }

  /** `smtp://127.0.0.1:…`; the same after it was away. */
  get url(): string {
    return `smtp://127.0.0.1:${this.port}`;
  }

  get connections(): number {
    return this.server?.connections.size ?? 0;
  }

  async start(): Promise<void> {
    const server = new SMTPServer({
      disabledCommands: ['STARTTLS', 'AUTH'],
      logger: false,
      closeTimeout: 200,
      onMailFrom: (_address, _session, callback) => callback(this.refuseSender()),
      onRcptTo: ({ address }, _session, callback) => callback(this.refuseRecipient(address)),
      onData: (stream, { envelope }, callback) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const source = Buffer.concat(chunks);
          const recipients = envelope.rcptTo.map(({ address }) => address);
          simpleParser(source).then(
            (parsed) => {
              this.mails.push({ recipients, source: source.toString('latin1'), parsed });
              callback();
            },
            (error: Error) => callback(error),
          );
        });
      },
    });
    server.on('error', () => {});
    await new Promise<void>((resolve) => {
      server.listen(this.port, '127.0.0.1', resolve);
    });
    this.port = (server.server.address() as AddressInfo).port;
    this.server = server;
  }

  async stop(): Promise<void> {
    const { server } = this;
    this.server = null;
    if (server) await new Promise<void>((resolve) => server.close(resolve));
  }

  /** Those that arrived since the last call. */
  take(): readonly ArrivedMail[] {
    return this.mails.splice(0);
  }
}
