import { afterEach, describe, expect, it } from '@jest/globals';
import { type INestApplication, VersioningType } from '@nestjs/common';
import { type AdminApp, PLATFORMS, startAdminApp } from './admin-app.js';
import { follow } from './event-client.js';

const why = { reason: 'called us, was verified' };

/** How applications tell versions of their own API apart, and a header by which a client asks for one. */
const VERSIONINGS: readonly {
  readonly name: string;
  readonly enable: (app: INestApplication) => void;
  readonly headers: Readonly<Record<string, string>>;
}[] = [
  { name: 'no versions', enable: () => {}, headers: {} },
  {
    name: 'versions in the path',
    enable: (app) => void app.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' }),
    headers: {},
  },
  {
    name: 'versions in a header',
    enable: (app) =>
      void app.enableVersioning({ type: VersioningType.HEADER, header: 'X-Version', defaultVersion: '1' }),
    headers: { 'x-version': '2' },
  },
  {
    name: 'versions in the media type',
    enable: (app) =>
      void app.enableVersioning({ type: VersioningType.MEDIA_TYPE, key: 'v=', defaultVersion: '1' }),
    headers: { accept: 'application/json;v=2' },
  },
];

const CASES = PLATFORMS.flatMap((platform) =>
  VERSIONINGS.flatMap(({ name, enable, headers }) =>
    [undefined, 'api/v1'].map((prefix) => ({ platform, name, enable, headers, prefix })),
  ),
);

describe.each(CASES)(
  '$name below the prefix $prefix on $platform',
  ({ platform, enable, headers, prefix }) => {
    let admin: AdminApp;
    afterEach(() => admin.close());

    it('the admin API has one address, with or without a version asked for', async () => {
      admin = await startAdminApp({
        platform,
        configure: enable,
        ...(prefix === undefined ? {} : { prefix }),
      });
      const base = `${prefix === undefined ? '' : `/${prefix}`}/lockout`;
      for (const asked of [{}, headers]) {
        for (const account of ['alice', 'a/b/unlock', '名'.repeat(100)]) {
          const path = `${base}/accounts/default/${encodeURIComponent(account)}`;
          await admin.fail(account, 3);
          expect((await admin.get(path, asked)).body).toMatchObject({ account, locked: true });
          expect((await admin.post(`${path}/unlock`, why, asked)).body).toEqual({ changed: true });
          expect((await admin.post(`${path}/lock`, { until: null, ...why }, asked)).status).toBe(200);
          const bulk = { accounts: [{ account }], ...why };
          expect((await admin.post(`${base}/accounts/unlock`, bulk, asked)).body).toEqual({ changed: true });
        }
        expect((await admin.get(`${base}/accounts?state=any`, asked)).body.items).toHaveLength(3);
        expect((await admin.get(`${base}/addresses`, asked)).body.items).toEqual([]);
        expect((await admin.get(`${base}/events`, asked)).status).toBe(200);
        const policy = `${base}/policies/login`;
        const { headers: read } = await admin.get(`${policy}/brands/a%2Fb`, asked);
        const saved = await admin.send(
          'PUT',
          `${policy}/brands/a%2Fb`,
          { settings: {}, ...why },
          { 'if-match': read.get('etag') ?? '', ...asked },
        );
        expect(saved.body).toMatchObject({ name: 'login', brand: 'a/b' });
        await admin.send('DELETE', `${policy}/brands/a%2Fb`, why, {
          'if-match': saved.headers.get('etag') ?? '',
          ...asked,
        });
        expect((await admin.get(`${policy}/history`, asked)).status).toBe(200);
        const document = await admin.get(`${base}/openapi.json`, asked);
        expect(document.body).toMatchObject({ openapi: expect.stringMatching(/^3\.1\./) });
        const stream = await follow(`${admin.url}${base}/events/stream`, asked);
        expect([stream.status, stream.headers['content-type']]).toEqual([200, 'text/event-stream']);
        stream.leave();
      }
      expect((await admin.get(`${base.replace('/lockout', '/v1/lockout')}/accounts`)).status).toBe(404);
    });
  },
);
