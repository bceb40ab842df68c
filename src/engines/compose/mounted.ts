import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { type Container, findContainer } from './container.js';
import type { RunTool } from './run-tool.js';

/**
 * The name of a container of ours that serves a file of this machine, whoever's home started it; also one that
 * stands still, which would not come back without it. Undefined: none, or Docker cannot be asked.
 */
export async function containerServing(run: RunTool, file: string): Promise<string | undefined> {
  const { exitCode, stdout } = await run('docker', [
    ...['ps', '-a', '--filter', 'label=com.docker.compose.service=llm', '--format', '{{.Names}}'],
  ]);
  if (exitCode !== 0) return undefined;
  const wanted = await real(file);
  for (const name of stdout.split('\n').filter(Boolean)) {
    const found = await findContainer(run, name);
    for (const place of found ? placesOf(found) : []) if ((await real(place)) === wanted) return name;
  }
  return undefined;
}

/** Where on this machine the model lies that a container was started with, as one of its words says. */
function placesOf({ env, command, folders }: Container): string[] {
  return [env.MODEL_ID ?? '', ...command]
    .filter((word) => word.startsWith('/'))
    .flatMap((inside) =>
      Object.entries(folders)
        .filter(([place]) => inside.startsWith(`${place.replace(/\/+$/, '')}/`))
        .map(([place, folder]) => path.join(folder, path.posix.relative(place, inside))),
    );
}

const real = (file: string): Promise<string> => realpath(file).catch(() => path.resolve(file));
