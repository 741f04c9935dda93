import { createServer } from 'node:http';
import { Webhook } from 'standardwebhooks';

/**
 * @typedef {object} Arrival
 * @property {string} id `webhook-id`
 * @property {number} worker who sent it
 * @property {Record<string, any>} body
 * @property {string} text the body as it came
 */

/** Share of the requests that are answered with an error. */
const ERRORS = 0.02;

/**
 * Somebody else's endpoint: keeps what comes, in the order in which it comes, and trusts nothing that is not signed.
 */
export class DeliveryReceiver {
  /** @type {Arrival[]} */
  arrivals = [];
  /** What came with a wrong signature, or cannot be read. @type {string[]} */
  forged = [];
  errors = 0;
  /** Told of who sent something, before it is answered; true: it is killed now, so that it is not. @type {(worker: number) => boolean} */
  onArrival = () => false;
  #server;

  /** @param {string} secret @param {import('./chance.mjs').Chance} chance */
  constructor(secret, chance) {
    const webhook = new Webhook(secret);
    this.#server = createServer((request, response) => {
      let text = '';
      request.setEncoding('utf8');
      request.on('data', (chunk) => {
        text += chunk;
      });
      request.on('end', () => {
        const worker = Number(request.headers['x-worker']);
        try {
          const body = webhook.verify(text, /** @type {any} */ (request.headers));
          this.arrivals.push({ id: String(request.headers['webhook-id']), worker, body, text });
        } catch (error) {
          this.forged.push(`${String(error)}: ${text}`);
        }
        if (this.onArrival(worker)) {
          request.socket.destroy();
          return;
        }
        const fails = chance.happens(ERRORS);
        if (fails) this.errors += 1;
        response.writeHead(fails ? 500 : 204).end();
      });
    });
  }

  /** @returns {Promise<string>} its URL */
  async listen() {
    await new Promise((resolve) => this.#server.listen(0, '127.0.0.1', () => resolve(undefined)));
    const { port } = /** @type {import('node:net').AddressInfo} */ (this.#server.address());
    return `http://127.0.0.1:${port}/lockout`;
  }

  async close() {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
