import { Redis } from 'ioredis';
import { startRedis } from '../support/servers/redis.mjs';

/** @returns {Promise<import('./target.mjs').Target>} */
export async function startTarget() {
  const server = await startRedis({ durable: true });
  const once = async (work) => {
    const redis = new Redis(server.url, {
      lazyConnect: true,
      retryStrategy: () => null,
      connectTimeout: 2_000,
    });
    redis.on('error', () => {});
    await redis.connect();
    try {
      return await work(redis);
    } finally {
      redis.disconnect();
    }
  };
  return {
    name: 'Redis',
    connection: { kind: 'redis', url: server.url },
    server,
    port: Number(new URL(server.url).port),
    cut: (many) =>
      once(async (redis) => {
        const own = String(await redis.call('CLIENT', 'ID'));
        const list = String(await redis.call('CLIENT', 'LIST', 'TYPE', 'normal'));
        const ids = [...list.matchAll(/^id=(\d+) /gm)].map(([, id]) => id).filter((id) => id !== own);
        let cut = 0;
        for (const id of ids.slice(0, many)) cut += Number(await redis.call('CLIENT', 'KILL', 'ID', id));
        return cut;
      }),
    // It knows no rows to hold, so nothing answers for a while.
    disturb: (_hashes, holdMs) =>
      once(async (redis) => {
        await redis.call('CLIENT', 'PAUSE', String(holdMs * 4), 'ALL');
        return false;
      }),
    beat: () => once((redis) => redis.set('beat', '1')),
    deadlocks: async () => 0,
  };
}
