import { SCRIPTS, SHELLS } from '../completion/scripts.js';
import type { CommandSpec } from '../define.js';

export const completion: CommandSpec = {
  path: 'completion',
  summary: 'print the script with which a shell completes commands, options, models and users',
  arguments: [{ name: '<shell>', description: 'whose; the script says where it goes', choices: SHELLS }],
  examples: ['botllm completion bash', 'botllm completion zsh', 'botllm completion fish'],
  toleratesBadConfig: true,
  handler: async (_ctx, { arguments: [asked] }) => {
    const shell = SHELLS.find((one) => one === asked) ?? 'bash';
    return { schema: 'completion', data: { shell, script: SCRIPTS[shell] }, text: () => SCRIPTS[shell] };
  },
};
