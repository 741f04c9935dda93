import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** A mail server that takes connections and does with them what a test says. */
export class FaultyMailServer {
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {}

  /** @param port 0: any that is free */
  static async start(behave: (socket: Socket) => void, port = 0): Promise<FaultyMailServer> {
    const server = createServer();
    const faulty = new FaultyMailServer(server);
    server.on('connection', (socket) => {
      faulty.sockets.add(socket);
      socket.on('error', () => {});
      behave(socket);
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return faulty;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** How many connections it has taken. */
  get taken(): number {
    return this.sockets.size;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
