import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { ListeningPlace } from './listening-place.js';

const LOCAL = { port: 3000, host: '127.0.0.1', publicUrl: null };

describe('where the app will listen', () => {
  test.each([
    [LOCAL, 'http://127.0.0.1:3000'],
    [{ ...LOCAL, host: '0.0.0.0' }, 'http://localhost:3000'],
    [{ ...LOCAL, host: '::' }, 'http://localhost:3000'],
    [{ ...LOCAL, host: '::1' }, 'http://[::1]:3000'],
    [{ ...LOCAL, publicUrl: 'https://demo.example/' }, 'https://demo.example'],
  ])('%j is %s', async (config, url) => {
    expect((await ListeningPlace.choose(config)).url).toBe(url);
  });

  test('a port that the system chose is held until it is let go of, and then is there at once', async () => {
    const place = await ListeningPlace.choose({ ...LOCAL, port: 0 });
    expect(place.url).toBe(`http://127.0.0.1:${place.port}`);
    const early = createServer().listen(place.port, place.host);
    const [error] = (await once(early, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('EADDRINUSE');
    place.release();
    const server = createServer().listen(place.port, place.host);
    await once(server, 'listening');
    server.close();
  });
});
