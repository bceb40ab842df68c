import type { CacheGroup, UserCalls } from './contract.js';
import { look } from './decide.js';
import { parseCacheKey, parseLimitKey } from './keys.js';

/** Counts cached answers by scope, task and model. */
export class GroupTally {
  private readonly groups = new Map<string, CacheGroup>();

  /** A key of another version than ours has no names. */
  addKey(key: string): void {
    const parts = parseCacheKey(key);
    if (parts) this.count({ scope: parts.scope, task: parts.task, model: parts.model, entries: 1 });
  }

  /** Adds what another tally found among other keys. */
  merge(groups: readonly CacheGroup[]): void {
    for (const group of groups) this.count(group);
  }

  /** The largest first; equals by their names, so that two looks at one store are alike. */
  sorted(): CacheGroup[] {
    const name = ({ scope, task, model }: CacheGroup) => [scope, task, model].join('\0');
    return [...this.groups.values()].sort((a, b) => b.entries - a.entries || order(name(a), name(b)));
  }

  private count(group: CacheGroup): void {
    const name = JSON.stringify([group.scope, group.task, group.model]);
    const known = this.groups.get(name);
    if (known) known.entries += group.entries;
    else this.groups.set(name, { ...group });
  }
}

/** Counts users, and keeps the `top` with the most calls. */
export class UserTally {
  users = 0;
  private kept: UserCalls[] = [];

  constructor(private readonly top: number) {}

  /** Counts the user of a limiter's key, if it is one of ours with a call in the window. */
  addLog(key: string, stamps: readonly number[], now: number, windowMs: number): void {
    const parts = parseLimitKey(key);
    const inWindow = parts && callsIn(stamps, now, windowMs);
    if (!inWindow || inWindow.calls === 0) return;
    this.users += 1;
    this.keep([{ ...parts, ...inWindow }]);
  }

  /** Adds what another tally found among other users. */
  merge({ users, top }: { users: number; top: readonly UserCalls[] }): void {
    this.users += users;
    this.keep(top);
  }

  /** The most calls first; of equals the one who called last. */
  sorted(): UserCalls[] {
    return this.kept.sort(busier).slice(0, this.top);
  }

  private keep(more: readonly UserCalls[]): void {
    this.kept.push(...more);
    // Now and then, so that many users cost neither much room nor a sort each.
    if (this.kept.length > 2 * this.top + 1_000) this.kept = this.sorted();
  }
}

/** The accepted calls of a log that lie in the window. */
function callsIn(stamps: readonly number[], now: number, windowMs: number) {
  const many = Number.MAX_SAFE_INTEGER;
  const { remaining, resetMs } = look(stamps, now, many, windowMs);
  return { calls: many - remaining, newestAgeMs: Math.max(0, windowMs - resetMs) };
}

function busier(a: UserCalls, b: UserCalls): number {
  return (
    b.calls - a.calls || a.newestAgeMs - b.newestAgeMs || order(a.scope, b.scope) || order(a.user, b.user)
  );
}

function order(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
