// Hostile text in every place of every call: as strangers send it nothing is told, and as an administrator sends it by
// mistake nothing changes, nothing breaks, and what comes back is JSON that no browser takes for a page.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { callOf, EVERY_CALL, type RightCall } from './every-call.js';
import { encodedOf, HOSTILE_LABELS, type HostileLabel } from './hostile-labels.js';
import { CUSTOMERS, CUSTOMERS_ADMIN, KEPT_FROM_STRANGERS, MatrixHouse, rightful } from './matrix-house.js';
import type { RawAnswer } from './raw-call.js';

interface Sent {
  readonly where: string;
  readonly path: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The places of a value that hold text. */
function textPlaces(
  value: unknown,
  at: readonly (string | number)[] = [],
): readonly (readonly (string | number)[])[] {
  if (typeof value === 'string') return [at];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    textPlaces(inner, [...at, Array.isArray(value) ? Number(key) : key]),
  );
}

/** The same value with other text at one place. */
function withText(value: unknown, [key, ...rest]: readonly (string | number)[], text: string): unknown {
  if (key === undefined) return text;
  if (Array.isArray(value))
    return value.map((inner, index) => (index === key ? withText(inner, rest, text) : inner));
  const fields = value as Readonly<Record<string, unknown>>;
  return { ...fields, [key]: withText(fields[key], rest, text) };
}

/** A call with the label in each place that takes text: segments, parameters, fields, headers. */
function everyPlace({ path, body, ifMatch }: RightCall, label: HostileLabel): readonly Sent[] {
  const [where = '', query] = path.split('?');
  const segments = where.split('/').slice(1);
  const content = body === undefined ? {} : { body: JSON.stringify(body) };
  const full = (parts: readonly string[]) => `/${parts.join('/')}${query === undefined ? '' : `?${query}`}`;
  const replaced = <T>(list: readonly T[], at: number, by: T) => list.map((one, n) => (n === at ? by : one));
  const parameters = query?.split('&') ?? [];
  // Printable ASCII is all that a header can carry.
  const isHeader = /^[ -~]+$/.test(label.text) && label.text.length < 1000;
  return [
    // The first says which call it is.
    ...segments.slice(1).map((segment, n) => ({
      where: `instead of ${segment} in the path`,
      path: full(replaced(segments, n + 1, encodedOf(label))),
      ...content,
    })),
    ...parameters.map((parameter, n) => {
      const [name] = parameter.split('=');
      const others = replaced(parameters, n, `${name}=${encodedOf(label)}`);
      return { where: `as ${name}`, path: `${where}?${others.join('&')}`, ...content };
    }),
    { where: 'as the name of a parameter', path: `${where}?${encodedOf(label)}=1`, ...content },
    ...textPlaces(body).map((at) => ({
      where: `as ${at.join('.')}`,
      path,
      body: JSON.stringify(withText(body, at, label.text)),
    })),
    ...(body === undefined
      ? []
      : [
          {
            where: 'as the name of a field',
            path,
            // As it is parsed: a literal would set the prototype.
            body: `{${JSON.stringify(label.text)}:{"reason":"x"},${JSON.stringify(body).slice(1)}`,
          },
        ]),
    ...(isHeader && ifMatch !== undefined
      ? [{ where: 'as If-Match', path, ...content, headers: { 'if-match': label.text } }]
      : []),
    ...(isHeader
      ? [
          {
            where: 'as If-None-Match',
            path,
            ...content,
            headers: { 'if-none-match': label.text, accept: label.text },
          },
        ]
      : []),
  ];
}

/** What is wrong with an answer, whoever asked. */
function faultsOf({ status, headers, text }: RawAnswer): readonly string[] {
  const type = headers['content-type'] ?? '';
  // What a server says before the application has heard of it; Node itself refuses what is too long.
  const isOurs = ![414, 431].includes(status) && text !== '';
  return [
    ...(status >= 500 ? [`${status}: ${text}`] : []),
    ...(headers['set-cookie'] ? ['sets a cookie'] : []),
    ...(isOurs && !/json|text\/event-stream|text\/html; charset=utf-8|text\/javascript/.test(type)
      ? [`is ${type}`]
      : []),
    ...(isOurs && status >= 400 && !type.includes('json') ? [`${status} as ${type}`] : []),
  ];
}

/** Each framework and each store once: how names are kept in either is what `names.e2e-spec.ts` is about. */
const HOUSES = [
  { platform: 'express', store: 'SQLite' },
  { platform: 'fastify', store: 'memory' },
] as const;

describe.each(HOUSES)('what is longer than a name may be, with the $store store', ({ platform, store }) => {
  it('is refused whole: it is neither cut, nor counted under another name', async () => {
    const house = await MatrixHouse.open({ platform, store });
    try {
      const before = await house.dump();
      const { engine } = house.admin;
      for (const length of [321, 10_240]) {
        for (const account of ['x'.repeat(length), { unknown: 'x'.repeat(length) }]) {
          await expect(engine.begin({ account, method: 'password' })).rejects.toThrow('longer than 320');
        }
      }
      expect(await house.dump()).toBe(before);
      // What comes along is no name: it is cut, and what it is cut to is what is kept.
      const long = { account: 'short', realm: CUSTOMERS, method: 'password', userAgent: 'z'.repeat(10_240) };
      const begun = await engine.begin(long);
      if (!begun.allowed) throw new Error('It is refused.');
      await begun.attempt.fail();
      expect((await house.dump()).match(/z+/g)?.map((kept) => kept.length)).toEqual([512]);
    } finally {
      await house.close();
    }
  });
});

describe.each(HOUSES)('hostile text on $platform with the $store store', ({ platform, store }) => {
  let house: MatrixHouse;
  const calls = new Map<string, RightCall>();

  beforeAll(async () => {
    house = await MatrixHouse.open({ platform, store });
    await house.restore();
    for (const id of Object.keys(EVERY_CALL)) calls.set(id, await callOf(house, id));
  });
  afterAll(() => house.close());

  const send = (call: RightCall, { path, body, headers }: Sent, user: string) =>
    house.send({
      method: call.method,
      path: `/lockout${path}`,
      headers: {
        ...(call.body ? rightful(user) : { 'x-user': user }),
        ...(call.ifMatch === undefined ? {} : { 'if-match': call.ifMatch }),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
    });

  it.each(HOSTILE_LABELS)('$what: in every place of every call', async (label) => {
    const before = await house.dump();
    const faults: string[] = [];
    for (const [id, call] of calls) {
      for (const sent of everyPlace(call, label)) {
        const note = (fault: string) => faults.push(`${id}, ${sent.where}: ${fault}`);
        const refused = await send(call, sent, '');
        for (const fault of faultsOf(refused)) note(fault);
        // A path that is none, a body that is none, or a head that is too long is refused before anybody asks who it is.
        if (![400, 401, 404, 414, 431].includes(refused.status)) note(`nobody gets ${refused.status}`);
        // Routers say what they do not understand in the words of whoever asked.
        const own = refused.status === 401 ? '' : sent.path;
        for (const secret of KEPT_FROM_STRANGERS) {
          if (refused.text.includes(secret) && !own.includes(secret)) note(`nobody hears of ${secret}`);
        }
        if (call.method !== 'GET') continue;
        const answer = await send(call, sent, CUSTOMERS_ADMIN);
        for (const fault of faultsOf(answer)) note(fault);
        if (answer.status < 400 && answer.headers['x-content-type-options'] !== 'nosniff')
          note('may be sniffed');
      }
    }
    expect(faults).toEqual([]);
    expect(await house.dump()).toBe(before);
  });
});
