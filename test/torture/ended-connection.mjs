// The smallest run of what `npm run torture -- --server postgres` found: a connection of the pool is ended by the server
// in the moment it becomes ready, in the same packet. Prints `lived` if the process does.
import { connect, createServer } from 'node:net';
import { openStore } from './store-connection.mjs';
import { startTarget } from './target.mjs';

const READY = 'Z'.charCodeAt(0);
/** Length of the message, with its type. */
const READY_LENGTH = 6;
const text = Buffer.from('SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0');
const ending = Buffer.alloc(5);
ending.write('E');
ending.writeInt32BE(4 + text.length, 1);

const target = await startTarget('postgres');
try {
  await (await openStore(target.connection, { migrate: true })).close();
  let armed = false;
  const proxy = createServer((client) => {
    let isOpen = false;
    const upstream = connect(target.port, '127.0.0.1');
    client.on('data', (chunk) => upstream.write(chunk));
    client.on('error', () => upstream.destroy()).on('close', () => upstream.destroy());
    upstream.on('error', () => client.destroy()).on('close', () => client.destroy());
    upstream.on('data', (chunk) => {
      const isReady = !isOpen && chunk[chunk.length - READY_LENGTH] === READY;
      isOpen ||= isReady;
      if (armed && isReady) {
        armed = false;
        client.end(Buffer.concat([chunk, ending, text]));
        upstream.destroy();
      } else client.write(chunk);
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => proxy.once('listening', resolve));
  const { port } = /** @type {import('node:net').AddressInfo} */ (proxy.address());
  const url = target.connection.url.replace(`:${target.port}`, `:${port}`);
  const { store } = await openStore({ ...target.connection, url });
  // The server goes with this process.
  process.once('uncaughtException', (error) => {
    console.error(error);
    process.exit(1);
  });
  armed = true;
  // More at once than connections are open, so that one is opened.
  await Promise.allSettled(Array.from({ length: 6 }, () => store.load([])));
  await store.load([]);
  console.log(armed ? 'no connection was opened' : 'lived');
} finally {
  await target.server?.stop();
}
process.exit(0);
