// A client in the middle of its work: one GET a millisecond. Arguments: port, key. Prints `ready`, and when its
// input ends, the milliseconds of each GET as one line of JSON.
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';

const [port, key] = process.argv.slice(2);
const redis = new Redis({ port: Number(port) });
await redis.get(key);
let ended = false;
process.stdin
  .on('end', () => {
    ended = true;
  })
  .resume();
process.stdout.write('ready\n');
const taken = [];
while (!ended) {
  const startedAt = performance.now();
  if ((await redis.get(key)) === null) throw new Error(`${key} is gone`);
  taken.push(performance.now() - startedAt);
  await sleep(1);
}
process.stdout.write(`${JSON.stringify(taken.map((ms) => Number(ms.toFixed(3))))}\n`);
redis.disconnect();
