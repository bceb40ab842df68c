import { readFileSync } from 'node:fs';

/**
 * A text that differs between two processes that had the same pid one after the other, or null when no such
 * process runs. Linux: field 22 of /proc/<pid>/stat (proc(5)); elsewhere `ps` tells the start time.
 */
export async function processStartTime(pid: number): Promise<string | null> {
  if (process.platform === 'linux') {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // The command's name, in parentheses, may itself hold spaces and parentheses.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const [state, startTicks] = [fields[0], fields[19]];
      return state === 'Z' || startTicks === undefined ? null : startTicks;
    } catch {
      return null;
    }
  }
  const { execa } = await import('execa');
  const ps =
    process.platform === 'win32'
      ? await execa('powershell', ['-NoProfile', '-Command', `(Get-Process -Id ${pid}).StartTime.Ticks`], {
          reject: false,
        })
      : await execa('ps', ['-o', 'lstart=', '-p', String(pid)], { reject: false });
  const started = ps.stdout?.trim();
  return started ? started : null;
}

/** Whether the process that had this start time still runs. */
export async function isSameProcess(pid: number, startTime: string): Promise<boolean> {
  return (await processStartTime(pid)) === startTime;
}
