import { connect } from 'node:net';

const CONNECTIONS = 16;
/** Requests on one connection. All of them wait in the app at once, which answers 503 where one waits for seconds (P9). */
const EACH = 25;

/**
 * So many wrong passwords for one account, a multiple of 400, over a few connections at once, on each one behind the other
 * without waiting for answers. Answers how often each status came. By hand, as any client takes longer for a request than
 * the app for its answer.
 */
export async function flood(
  url: string,
  username: string,
  count: number,
): Promise<ReadonlyMap<number, number>> {
  const statuses = new Map<number, number>();
  for (let asked = 0; asked < count; asked += CONNECTIONS * EACH) {
    const answers = await Promise.all(Array.from({ length: CONNECTIONS }, () => ask(url, username, EACH)));
    for (const [, status] of answers.join('').matchAll(/HTTP\/1\.1 (\d{3}) /g)) {
      statuses.set(Number(status), (statuses.get(Number(status)) ?? 0) + 1);
    }
  }
  return statuses;
}

/** Everything that the app answers on one connection. */
function ask(url: string, username: string, count: number): Promise<string> {
  const { hostname, host, port } = new URL(url);
  const body = JSON.stringify({ username, password: 'wrong' });
  const head = `POST /auth/login HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n`;
  const kept = `${head}\r\n${body}`.repeat(count - 1);
  const requests = `${kept}${head}Connection: close\r\n\r\n${body}`;
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    connect(Number(port), hostname)
      .on('data', (chunk: Buffer) => chunks.push(chunk))
      .once('end', () => resolve(Buffer.concat(chunks).toString('latin1')))
      .once('error', reject)
      .write(requests);
  });
}
