import { expect, it } from '@jest/globals';
import { describeEach, serversOf } from '../support/databases.js';
import { lockWaits } from '../support/lock-waits.js';
import { openBeside } from '../support/typeorm-store.js';

// Pitfall 26: two writers in each other's way are no failure of the store.
describeEach(serversOf('MariaDB', 'MySQL'), 'a deadlock over old processes on $name', (server) => {
  it('is no failure: the announcement is made once the other is done', async () => {
    let now = 1_900_000_000_000;
    const { store, direct, close } = await openBeside(server, {
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
  });
});

describeEach(serversOf('SQLite', 'MariaDB', 'MySQL', 'PostgreSQL'), 'refusals on $name', (server) => {
  it('of an earlier release are not there, and damaged ones are told as data to those who want them', async () => {
    const { store, direct, close } = await openBeside(server);
    const node = { id: 'node-1', label: 'host:1', policies: {} };
    await store.announce({ ...node, refusals: { from: 0, sliceMs: 1, realms: { a: [1] } } }, 0);
    await direct.query('UPDATE lockout_node SET refusals = NULL');
    expect(await store.nodes(60_000)).toEqual([node]);
    const damaged = Buffer.from('{"from":0,"sliceMs":1,"realms":{"a":"?"}}');
    const [value, id] = server.name === 'PostgreSQL' ? ['$1', '$2'] : ['?', '?'];
    // Two values: given one binary value alone, libsql takes it for an object of named ones, and dies of it.
    await direct.query(`UPDATE lockout_node SET refusals = ${value} WHERE id = ${id}`, [damaged, node.id]);
    await expect(store.nodes(60_000)).rejects.toMatchObject({ name: 'StoreError', fault: 'data' });
    // Whoever only looks for differing configurations does not read them.
    const other = { ...node, id: 'node-2' };
    expect(await store.announce(other, 60_000)).toHaveLength(2);
    await close();
  });
});
