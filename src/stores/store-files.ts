import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The files of the embedded store under its folder: which are trusted, and how those that are not make room. */
export class StoreFiles {
  private readonly main: string;
  private readonly bootFile: string;
  private readonly boot: string | null;

  constructor(private readonly folder: string) {
    this.main = join(folder, 'main');
    this.bootFile = join(this.main, 'boot');
    this.boot = bootId();
  }

  /**
   * Whether the file may be written without syncing it: every page of a killed process is safe with the system,
   * and a reboot is noticed. What is lost by one are answers and limits of minutes.
   */
  get trustedUntilReboot(): boolean {
    return this.boot !== null;
  }

  /** @returns the folder to open, marked with this boot */
  prepare(): string {
    mkdirSync(this.main, { recursive: true, mode: 0o700 });
    // Before the data exists: a data file without a mark is one from another boot.
    if (this.boot !== null && this.id() === null) writeFileSync(this.bootFile, this.boot, { mode: 0o600 });
    return this.main;
  }

  /** Identifies the data file; null when there is none. */
  id(): number | null {
    return statSync(join(this.main, 'data.mdb'), { throwIfNoEntry: false })?.ino ?? null;
  }

  distrustAfterReboot(): void {
    const id = this.id();
    if (this.boot === null || id === null) return;
    if (readText(this.bootFile) !== this.boot) this.moveAside(id);
  }

  /**
   * Moves a data file out of the way; only the last one is kept, so that damage cannot fill the disk. Several
   * processes may find the same damage: the target is named after the file, and a folder cannot be renamed onto
   * one that has files, so the fresh file of the first is never moved by the second.
   */
  moveAside(id: number | null): void {
    if (id === null || this.id() !== id) return;
    const target = `damaged-${id}`;
    for (const name of readdirSync(this.folder))
      if (name.startsWith('damaged-') && name !== target)
        rmSync(join(this.folder, name), { recursive: true, force: true });
    try {
      renameSync(this.main, join(this.folder, target));
    } catch (error) {
      if (this.id() === id) throw error;
    }
  }
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** Linux names every boot; where nothing does, LMDB syncs as it is used to. */
function bootId(): string | null {
  return readText('/proc/sys/kernel/random/boot_id')?.trim() || null;
}
