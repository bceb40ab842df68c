import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { onTestFinished } from 'vitest';

/** This machine, as its neighbours call it: an address of the guide's network, and one of another. */
export interface Neighbour {
  inside: { here: string; there: string };
  stranger: { here: string; there: string };
  stranger6: { here: string; there: string };
  /** Whether a call from one of its addresses gets an HTTP answer. */
  reaches(from: { here: string; there: string }, port: number): boolean;
}

const ip = (...args: string[]) => execFileSync('ip', args, { stdio: ['ignore', 'pipe', 'pipe'] });

/** Another machine on the same wire: a network namespace behind a veth pair. Needs root, as `.ci/run` has. */
export function neighbour(): Neighbour {
  const id = randomBytes(3).toString('hex');
  const octet = 1 + (Number.parseInt(id.slice(0, 2), 16) % 250);
  const [space, near, far] = [`botllm-fw-${id}`, `bl${id}a`, `bl${id}b`];
  const places = {
    inside: { here: `10.213.${octet}.1`, there: `10.213.${octet}.2` },
    stranger: { here: `192.168.${octet}.1`, there: `192.168.${octet}.2` },
    stranger6: { here: `fd42:${octet.toString(16)}::1`, there: `fd42:${octet.toString(16)}::2` },
  };
  ip('netns', 'add', space);
  onTestFinished(() => {
    ip('netns', 'delete', space);
  });
  ip('link', 'add', near, 'type', 'veth', 'peer', 'name', far, 'netns', space);
  for (const { here, there } of Object.values(places)) {
    const [bits, quick] = here.includes(':') ? ['64', ['nodad']] : ['24', []];
    ip('addr', 'add', `${here}/${bits}`, 'dev', near, ...quick);
    ip('-n', space, 'addr', 'add', `${there}/${bits}`, 'dev', far, ...quick);
  }
  ip('link', 'set', near, 'up');
  ip('-n', space, 'link', 'set', far, 'up');
  return {
    ...places,
    reaches: ({ here, there }, port) => {
      const url = `http://${here.includes(':') ? `[${here}]` : here}:${port}/health`;
      const curl = ['curl', '-g', '-s', '-o', '/dev/null', '--interface', there, '--max-time', '2', url];
      try {
        ip('netns', 'exec', space, ...curl);
        return true;
      } catch {
        return false;
      }
    },
  };
}
