import { expect, it } from '@jest/globals';
import { describeEach, serversOf } from '../support/databases.js';
import { lockWaits } from '../support/lock-waits.js';
import { connect, openStore } from '../support/typeorm-store.js';

// Pitfall 26: two writers in each other's way are no failure of the store.
describeEach(serversOf('MariaDB', 'MySQL'), 'a deadlock over old processes on $name', (server) => {
  it('is no failure: the announcement is made once the other is done', async () => {
    const database = await server.create();
    const direct = await connect(database.options, { synchronize: true });
    let now = 1_900_000_000_000;
    const { store, close } = await openStore(database.options, {
      statementTimeoutMs: 4_000,
      clock: () => now,
    });
    const node = (id: string) => ({ id, label: 'host:1', policies: {} });
    const old = Array.from({ length: 40 }, (_, n) => `node-${String(n).padStart(2, '0')}`);
    for (const id of old) await store.announce(node(id), 0);
    now += 86_400_001;

    const runner = direct.createQueryRunner();
    await runner.startTransaction();
    const touch = (id: string) =>
      runner.query("UPDATE lockout_node SET label = 'held' WHERE id = ?", [id]) as Promise<unknown>;
    // More rows than ours, so that ours is the one that the server gives up.
    for (const id of old.slice(1)) await touch(id);
    const announced = store.announce(node('me'), 10 * 86_400_000);
    await lockWaits(server, direct);
    // Ours holds the first row and waits for the second.
    await touch(old[0] as string);
    await runner.rollbackTransaction();
    await runner.release();

    expect((await announced).map(({ id }) => id)).toEqual(['me']);
    await close();
    await direct.destroy();
    await database.drop();
  });
});
