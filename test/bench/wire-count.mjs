import { connect, createServer } from 'node:net';

const COM_QUERY = 0x03;
const COM_STMT_EXECUTE = 0x17;
const QUERY = 'Q'.charCodeAt(0);
const EXECUTE = 'E'.charCodeAt(0);

/**
 * Cuts a stream of bytes into messages.
 *
 * @param {(bytes: Buffer) => number} lengthOf Length of the message that begins here; more than there is: not known yet.
 * @param {(message: Buffer) => void} onMessage
 * @returns {(chunk: Buffer) => void}
 */
function messages(lengthOf, onMessage) {
  /** @type {Buffer} */
  let rest = Buffer.alloc(0);
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (let length = lengthOf(rest); length <= rest.length; length = lengthOf(rest)) {
      onMessage(rest.subarray(0, length));
      rest = rest.subarray(length);
    }
  };
}

/** Commands have sequence number 0. @param {() => void} count */
const ofMysql = (count) =>
  messages(
    (bytes) => (bytes.length < 5 ? Number.POSITIVE_INFINITY : 4 + bytes.readUIntLE(0, 3)),
    (packet) => {
      if (packet[3] === 0 && (packet[4] === COM_QUERY || packet[4] === COM_STMT_EXECUTE)) count();
    },
  );

/** The first message has no type. @param {() => void} count */
function ofPostgres(count) {
  let isFirst = true;
  return messages(
    (bytes) => {
      if (bytes.length < 5) return Number.POSITIVE_INFINITY;
      return isFirst ? bytes.readInt32BE(0) : 1 + bytes.readInt32BE(1);
    },
    (message) => {
      if (!isFirst && (message[0] === QUERY || message[0] === EXECUTE)) count();
      isFirst = false;
    },
  );
}

/**
 * Stands between clients and a database server and counts the statements that are executed: queries, and executions of
 * prepared ones.
 *
 * @param {import('./servers.mjs').BenchDatabase} database
 * @returns {Promise<{ readonly port: number, count(): number, close(): Promise<void> }>}
 */
export async function startWireCount({ family, host, port }) {
  let statements = 0;
  const count = () => {
    statements += 1;
  };
  /** @type {Set<import('node:net').Socket>} */
  const sockets = new Set();
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ host, port, noDelay: true });
    const read = family === 'mariadb' ? ofMysql(count) : ofPostgres(count);
    client.on('data', read);
    client.pipe(upstream).pipe(client);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {
        client.destroy();
        upstream.destroy();
      });
      socket.on('close', () => sockets.delete(socket));
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    port: address.port,
    count: () => statements,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(() => resolve(undefined)));
    },
  };
}
