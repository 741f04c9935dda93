import { connect, createServer, type Socket } from 'node:net';

/**
 * A TCP link to a real server that breaks at a chosen moment: when a message that matches goes to the server, that one
 * connection is cut, either before the server got it or as soon as it answers. Others are not affected.
 */
export interface LosingLink {
  readonly port: number;
  /** From now on, so many times; 0: no more. */
  lose(message: RegExp, moment: 'before' | 'after', times?: number): void;
  /** How often it did. */
  readonly lost: number;
  close(): Promise<void>;
}

export async function startLosingLink(target: number): Promise<LosingLink> {
  const sockets = new Set<Socket>();
  let trap: { readonly message: RegExp; readonly moment: 'before' | 'after' } | null = null;
  let left = 0;
  let lost = 0;
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
    let isCut = false;
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    client.on('data', (chunk) => {
      if (left > 0 && trap && trap.message.test(chunk.toString('latin1'))) {
        left -= 1;
        lost += 1;
        isCut = true;
        if (trap.moment === 'before') {
          client.destroy();
          return;
        }
      }
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      // The server has done it, and nobody hears of it.
      if (isCut) client.destroy();
      else client.write(chunk);
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    lose: (message, moment, times = 1) => {
      trap = { message, moment };
      left = times;
    },
    get lost() {
      return lost;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
