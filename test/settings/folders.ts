import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { nearest } from '../../src/models/nearest.js';
import { loadConfiguration } from '../../src/settings/load.js';

/** A home with a project two folders deep in it, and a folder for the user's own file. */
export class TestFolders implements AsyncDisposable {
  readonly cwd: string;
  readonly userConfig: string;

  private constructor(readonly home: string) {
    this.cwd = path.join(home, 'bots', 'shop');
    this.userConfig = path.join(home, '.config', 'botllm');
  }

  static async create(): Promise<TestFolders> {
    const folders = new TestFolders(await realpath(await mkdtemp(path.join(tmpdir(), 'botllm-config-'))));
    await mkdir(folders.cwd, { recursive: true });
    await mkdir(folders.userConfig, { recursive: true });
    return folders;
  }

  /** Writes a file, named from the home, and says where it lies. */
  async write(name: string, content: string | Buffer): Promise<string> {
    const file = path.join(this.home, name);
    await writeFile(file, content);
    return file;
  }

  load(
    env: Record<string, string> = {},
    options: { baseUrl?: string; configFile?: string; cwd?: string } = {},
  ) {
    return loadConfiguration({
      env,
      flags: { baseUrl: { option: '--base-url', text: options.baseUrl } },
      folders: { cwd: options.cwd ?? this.cwd, home: this.home, userConfig: this.userConfig },
      configFile: options.configFile,
      suggest: nearest,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.home, { recursive: true, force: true });
  }
}
