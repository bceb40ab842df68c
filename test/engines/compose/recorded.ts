import type { RunTool, ToolRun } from '../../../src/engines/compose/run-tool.js';

/** What a program wrote somewhere else, for machines that this one is not. */
export function recorded(stdout: string, more: Partial<ToolRun> = {}): ToolRun {
  const stderr = more.stderr ?? '';
  return { exitCode: 0, stdout, stderr, all: stdout + stderr, missing: false, ...more };
}

const ABSENT: ToolRun = { exitCode: undefined, stdout: '', stderr: '', all: '', missing: true };

/** A machine that has these programs and no others; the words of a call pick the answer, the longest match first. */
export function machine(answers: Readonly<Record<string, ToolRun>>): RunTool {
  return async (command, args) => {
    const line = [command, ...args].join(' ');
    const known = Object.keys(answers).filter((start) => line.startsWith(start));
    const best = known.sort((a, b) => b.length - a.length)[0];
    return (best === undefined ? undefined : answers[best]) ?? ABSENT;
  };
}

/** Recorded: an NVIDIA L4, driver 550. */
export const ONE_L4 = recorded('0, NVIDIA L4, 23034, 22563, 550.54.15\n');
/** Recorded: two cards of a workstation. */
export const TWO_CARDS = recorded(
  '0, NVIDIA GeForce RTX 3090, 24576, 24101, 535.183.01\n1, NVIDIA GeForce RTX 3090, 24576, 1204, 535.183.01\n',
);
/** Recorded: the module of the kernel and the library differ after an upgrade. */
export const NVML_MISMATCH = recorded(
  'Failed to initialize NVML: Driver/library version mismatch\nNVML library version: 550.54\n',
  { exitCode: 18 },
);
/** The parts that matter of `docker info` with nvidia-container-toolkit, and without it. */
export const INFO_NVIDIA = recorded(
  '{"ServerVersion":"27.3.1","Runtimes":{"io.containerd.runc.v2":{"path":"runc"},"nvidia":{"path":"nvidia-container-runtime"},"runc":{"path":"runc"}},"DefaultRuntime":"runc","CDISpecDirs":["/etc/cdi","/var/run/cdi"]}\n',
);
export const INFO_CDI = recorded(
  '{"ServerVersion":"28.5.0","Runtimes":{"runc":{"path":"runc"}},"DiscoveredDevices":[{"Source":"cdi","ID":"nvidia.com/gpu=0"},{"Source":"cdi","ID":"nvidia.com/gpu=all"}]}\n',
);
export const INFO_PLAIN = recorded(
  '{"ServerVersion":"20.10.24+dfsg1","Runtimes":{"io.containerd.runc.v2":{"path":"runc"},"runc":{"path":"runc"}},"DefaultRuntime":"runc"}\n',
);
