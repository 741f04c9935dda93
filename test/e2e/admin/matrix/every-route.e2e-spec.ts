// That the matrix has every call: those of the document that is served, and those that the router knows, whoever put them
// there.
import { afterEach, describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { HOUSES, PLATFORMS, type Platform } from '../admin-app.js';
import { follow } from '../event-client.js';
import { callOf, changes, EVERY_CALL } from './every-call.js';
import { INTRUDERS, sentBy } from './intruders.js';
import {
  ALICE,
  CUSTOMERS,
  CUSTOMERS_ADMIN,
  KEPT_FROM_STRANGERS,
  MatrixHouse,
  POLICY,
  rightful,
  WHY,
} from './matrix-house.js';

interface Route {
  readonly method: string;
  readonly path: string;
}

interface ExpressLayer {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
}

/** What each framework's own router was told, filled as it is told. */
function routesOf(platform: Platform): {
  readonly routes: () => readonly Route[];
  readonly configure: (app: INestApplication) => void;
} {
  const told: Route[] = [];
  let express: { readonly router: { readonly stack: readonly ExpressLayer[] } } | null = null;
  return {
    configure: (app) => {
      const framework: unknown = app.getHttpAdapter().getInstance();
      if (platform === 'express') {
        express = framework as typeof express;
        return;
      }
      const fastify = framework as {
        addHook(
          name: 'onRoute',
          hook: (route: { readonly method: string | readonly string[]; readonly url: string }) => void,
        ): void;
      };
      fastify.addHook('onRoute', ({ method, url }) => {
        for (const one of [method].flat()) told.push({ method: one, path: url });
      });
    },
    routes: () =>
      express
        ? express.router.stack.flatMap(({ route }) =>
            Object.keys(route?.methods ?? {}).map((method) => ({
              method: method.toUpperCase(),
              path: route?.path ?? '',
            })),
          )
        : told,
  };
}

/** Whether a route would serve a call. */
const serves = (route: Route, { method, path }: Route): boolean =>
  route.method === method &&
  new RegExp(`^${route.path.replaceAll(/\{?\/?\*\w*\}?/g, '/.*').replaceAll(/:\w+/g, '[^/]+')}/?$`).test(
    path,
  );

describe.each(PLATFORMS)('the matrix and the router of %s', (platform) => {
  let house: MatrixHouse;
  afterEach(() => house.close());

  const everyCall = async () => {
    await house.restore();
    return Promise.all(
      Object.keys(EVERY_CALL).map(async (id) => {
        const { method, path } = await callOf(house, id);
        return { id, method, path: `/lockout${path.split('?')[0]}` };
      }),
    );
  };

  it('have the same calls', async () => {
    const router = routesOf(platform);
    house = await MatrixHouse.open({ platform, configure: router.configure });
    const calls = await everyCall();
    const routes = router
      .routes()
      .filter(({ method, path }) => !['HEAD', 'OPTIONS'].includes(method) && path.startsWith('/lockout'));
    expect(routes.length).toBeGreaterThan(20);
    expect(routes.filter((route) => !calls.some((call) => serves(route, call)))).toEqual([]);
    expect(calls.filter((call) => !routes.some((route) => serves(route, call)))).toEqual([]);
  });

  it('and the document that is served have the same calls', async () => {
    house = await MatrixHouse.open({ platform });
    const { body } = await house.look<{
      readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly operationId: string }>>>>;
    }>('/openapi.json');
    const documented = Object.entries(body.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId }]) => ({
        id: operationId,
        route: { method: method.toUpperCase(), path: `/lockout${path.replaceAll(/\{(\w+)\}/g, ':$1')}` },
      })),
    );
    const calls = await everyCall();
    expect(documented.map(({ id }) => id).sort()).toEqual(Object.keys(EVERY_CALL).sort());
    for (const { id, route } of documented) {
      const call = calls.find((one) => one.id === id);
      expect([id, call && serves(route, call)]).toEqual([id, true]);
    }
  });

  it('what the router takes and no call is, is refused to strangers as everything is', async () => {
    house = await MatrixHouse.open({ platform });
    await house.restore();
    const before = await house.dump();
    const name = `/lockout/accounts/${CUSTOMERS}/${ALICE}`;
    for (const [method, path] of [
      ['GET', `${name}/unlock`],
      ['GET', `${name}/`],
      ['POST', name],
      ['POST', `${name}/explode`],
      ['POST', `${name}/unlock/`],
      ['POST', `${name}/unlock/again`],
      ['GET', `/lockout/policies/${POLICY}/secrets`],
      ['PUT', `/lockout/policies/${POLICY}/history`],
      ['DELETE', `/lockout/policies/${POLICY}/brands`],
      ['POST', `/lockout/policies/${POLICY}`],
      ['GET', '/lockout/console/../me'],
      ['GET', '/lockout/console/assets/'],
      ['GET', `/lockout/addresses/${CUSTOMERS}/nowhere`],
      ['POST', '/lockout/records/not-an-id/unlock'],
    ] as const) {
      for (const [user, status] of [
        [undefined, 401],
        ['alice', 403],
      ] as const) {
        const answer = await house.send({
          method,
          path,
          headers: {
            ...rightful(CUSTOMERS_ADMIN),
            ...(user === undefined ? { 'x-user': '' } : { 'x-user': user }),
          },
          ...(method === 'GET' ? {} : { body: JSON.stringify({ reason: WHY }) }),
        });
        expect([method, path, answer.status]).toEqual([method, path, status]);
        expect(KEPT_FROM_STRANGERS.filter((secret) => answer.text.includes(secret))).toEqual([]);
      }
    }
    // What nobody serves is nobody's to guard.
    for (const path of ['/lockout', '/lockout/', '/lockout/nowhere', '/lockout/events/streams']) {
      const answer = await house.send({ method: 'GET', path, headers: {} });
      expect([path, answer.status]).toEqual([path, 404]);
      expect(KEPT_FROM_STRANGERS.filter((secret) => answer.text.includes(secret))).toEqual([]);
    }
    const { path: unnamed } = await callOf(house, 'inspectAccountById');
    for (const method of ['PATCH', 'TRACE', 'OPTIONS', 'PROPFIND']) {
      const path = `/lockout${unnamed}`;
      const answer = await house.send({ method, path, headers: { 'x-user': CUSTOMERS_ADMIN } });
      expect(KEPT_FROM_STRANGERS.filter((secret) => answer.text.includes(secret))).toEqual([]);
      expect(Object.keys(answer.headers).filter((header) => header.startsWith('access-control'))).toEqual([]);
    }
    expect(await house.dump()).toBe(before);
  });

  it('a stranger who is sent to sign in is told nothing on the way', async () => {
    house = await MatrixHouse.open({ platform, admin: { signIn: '/sign-in' } });
    for (const path of ['/lockout/console', '/lockout/console/']) {
      for (const user of ['', 'alice']) {
        const answer = await house.send({
          method: 'GET',
          path,
          headers: { 'x-user': user, accept: 'text/html' },
        });
        expect([answer.status, answer.headers.location, answer.text]).toEqual([303, '/sign-in', '']);
        expect(answer.headers['set-cookie']).toBeUndefined();
      }
    }
  });
});

describe.each(HOUSES)('the event stream on $platform with the $store store', ({ platform, store }) => {
  it('hears nothing of what intruders try, and of the next real thing at once', async () => {
    const house = await MatrixHouse.open({ platform, store });
    try {
      await house.restore();
      const { admin } = house;
      const client = await follow(`${admin.url}/lockout/events/stream`, { 'x-user': CUSTOMERS_ADMIN });
      for (const id of Object.keys(EVERY_CALL)) {
        const call = await callOf(house, id);
        if (!changes(id, call)) continue;
        for (const intruder of INTRUDERS.filter(({ sends }) => sends?.(call) !== false))
          await house.send(sentBy(intruder, call, admin.url, `k ${id}`));
      }
      await admin.clock.advance(60_000);
      const now = new Date(admin.clock.now()).toISOString();
      await house.unlockAlice();
      while (client.ticks().length === 0) await new Promise((resolve) => setImmediate(resolve));
      expect(client.ticks()).toEqual([{ at: now }]);
      expect(KEPT_FROM_STRANGERS.filter((secret) => client.text().includes(secret))).toEqual([]);
      client.leave();
    } finally {
      await house.close();
    }
  });
});
