import { setTimeout as sleep } from 'node:timers/promises';
import { rotateLog } from '../log-rotation.js';
import { isSameProcess } from '../process-identity.js';

/**
 * A process of its own: `node log-keeper.js <log> <pid> <start time>`. It keeps the log of a server that writes
 * to its file itself within bounds, as long as that server lives. It stands beside the log and not in its way:
 * if this process is killed, the server does not notice.
 */
const LOOK_MS = 5_000;
const [file = '', pid = '', startTime = ''] = process.argv.slice(2);
for (;;) {
  if (!(await isSameProcess(Number(pid), startTime))) break;
  try {
    rotateLog(file);
  } catch {
    // A full disk: the next look may find room.
  }
  await sleep(LOOK_MS);
}
