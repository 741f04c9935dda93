import { connect, createServer } from 'node:net';

/**
 * A TCP link to the server of which, while it loses, now and then one connection breaks after a message went through and
 * before its answer comes back: the server did it, and nobody is told.
 *
 * @param {number} target port
 * @param {() => boolean} loses asked at each message
 */
export async function startLosingLink(target, loses) {
  const sockets = new Set();
  const link = { port: 0, lost: 0, close: () => Promise.resolve() };
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
      if (!isCut && loses()) {
        isCut = true;
        link.lost += 1;
      }
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      if (isCut) client.destroy();
      else client.write(chunk);
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  link.port = /** @type {import('node:net').AddressInfo} */ (server.address()).port;
  link.close = async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return link;
}
