import { execa } from 'execa';
import { expect, test } from 'vitest';
import { processUse } from '../../src/engines/process-use.js';

test('a process that computes takes processor, memory and threads; one that ended takes nothing', async () => {
  const busy = execa(process.execPath, ['-e', 'for (;;);'], { reject: false });
  const pid = busy.pid ?? 0;
  try {
    const use = await processUse(pid);
    expect(use?.cpuPercent).toBeGreaterThan(0);
    expect(use?.memoryBytes).toBeGreaterThan(10 * 1024 ** 2);
    expect(use?.tasks).toBeGreaterThan(1);
  } finally {
    busy.kill('SIGKILL');
    await busy;
  }
  expect(await processUse(pid)).toBeNull();
});

test('an idle process takes next to no processor', async () => {
  const idle = execa(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { reject: false });
  try {
    // Its own start is over then.
    await processUse(idle.pid ?? 0);
    expect((await processUse(idle.pid ?? 0))?.cpuPercent).toBeLessThan(50);
  } finally {
    idle.kill('SIGKILL');
    await idle;
  }
});
