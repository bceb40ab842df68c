import { containerLines } from '../engines/compose/container-lines.js';
import type { Context } from './context.js';

export interface ContainerLogWish {
  /** The last so many of the lines that are wanted. */
  count: number;
  since?: Date | undefined;
  follow: boolean;
  /** Absent: all are wanted. */
  wants?: ((line: string) => boolean) | undefined;
}

/** Hands over a container's lines, and gives how many there were before it began to follow. */
export async function printContainerLog(
  { childEnv, signal }: Pick<Context, 'childEnv' | 'signal'>,
  container: string,
  { count, since, follow, wants }: ContainerLogWish,
  onLine: (line: string) => void,
): Promise<number> {
  const how = { env: childEnv, signal };
  // Split at one moment, so that between what was and what comes no line is lost and none comes twice.
  const now = new Date();
  const until = follow ? now : undefined;
  const past = containerLines(container, { since, until, ...(wants ? {} : { tail: count }) }, how);
  const last: string[] = [];
  for await (const line of past) {
    if (wants && !wants(line)) continue;
    last.push(line);
    if (last.length > count) last.shift();
  }
  for (const line of last) onLine(line);
  if (!follow) return last.length;
  for await (const line of containerLines(container, { since: now, follow }, how)) {
    if (!wants || wants(line)) onLine(line);
  }
  return last.length;
}
