import type { RunTool } from './run-tool.js';

export async function hasNetwork(run: RunTool, name: string): Promise<boolean> {
  return (await run('docker', ['network', 'inspect', name])).exitCode === 0;
}
