import { connect, createServer } from 'node:net';

/**
 * A TCP link to a real server that breaks at chosen moments: when a message that is to be lost goes to the server, that
 * one connection is cut, either before the server got it or as soon as it answers. Others are not affected.
 *
 * @param {number} target port
 * @param {(message: Buffer) => 'before' | 'after' | null} loses asked at each message; null: it passes
 * @returns {Promise<import('./losing-link.mjs').LosingLink>}
 */
export async function startLosingLink(target, loses) {
  const sockets = new Set();
  let lost = 0;
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
    let isCut = false;
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ]) {
      socket.setNoDelay(true);
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    client.on('data', (chunk) => {
      const moment = isCut ? null : loses(chunk);
      if (moment !== null) {
        isCut = true;
        lost += 1;
      }
      if (moment === 'before') client.destroy();
      else upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      // The server has done it, and nobody is told.
      if (isCut) client.destroy();
      else client.write(chunk);
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    port: /** @type {import('node:net').AddressInfo} */ (server.address()).port,
    get lost() {
      return lost;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
