// Run by itself: how much of this process's heap one peer holds after every account failed once.
import { CALLERS } from './contest.mjs';
import { PEERS } from './peers/catalogue.mjs';
import { UNREACHED } from './peers/peer.mjs';
import { SUBJECTS } from './subjects.mjs';
import { wrong } from './verify.mjs';

const [name, database] = process.argv.slice(2);
const peer = PEERS.find((one) => one.name === name);
if (!peer || !database) throw new Error('usage: node --expose-gc heap.mjs PEER DATABASE');

const used = () => {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
};

const opened = await peer.open(JSON.parse(database), {
  keys: 2,
  threshold: UNREACHED,
  addressThreshold: UNREACHED,
});
// What connecting and preparing statements take is part of neither.
for (const subject of SUBJECTS.slice(0, 200)) await opened.attempt(subject, wrong);
const before = used();
const queue = SUBJECTS.slice(200).values();
await Promise.all(
  Array.from({ length: CALLERS }, async () => {
    for (const subject of queue) await opened.attempt(subject, wrong).catch(() => {});
  }),
);
console.log(JSON.stringify({ before, grown: used() - before }));
await opened.close();
process.exit(0);
