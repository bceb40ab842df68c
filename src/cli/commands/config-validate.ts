import path from 'node:path';
import { nearest } from '../../models/nearest.js';
import { checkFile } from '../../settings/check.js';
import { inOrder, problemError } from '../../settings/problem.js';
import type { CommandSpec } from '../define.js';
import { EXIT } from '../exit-codes.js';
import { messages } from '../messages.js';

export const configValidate: CommandSpec = {
  path: 'config validate',
  summary: 'check one configuration file, or all that are used here and the shell',
  arguments: [{ name: '[file]', description: 'a configuration file or a .env' }],
  examples: ['botllm config validate', 'botllm config validate deploy/botllm.config.yaml'],
  toleratesBadConfig: true,
  handler: async ({ out, configuration, folders }, { arguments: [given] }) => {
    const one = given === undefined ? undefined : path.resolve(folders.cwd, given);
    const { project, user, env } = configuration.files;
    const checked = one ? [one] : [env, project, user].filter((file) => file !== undefined);
    // A value that a stronger one hides today is wrong all the same.
    const problems = one
      ? await checkFile(one, nearest, folders.userConfig)
      : inOrder([...configuration.problems, ...configuration.hidden]);
    const warnings = one ? [] : configuration.strays;
    for (const problem of problems) out.explain(problemError(problem));
    for (const warning of warnings) out.note(warning);
    const count = problems.length;
    return {
      schema: 'config.validate',
      data: { valid: count === 0, checked, problems, warnings },
      text: () => (count > 0 ? messages.configProblems(count) : messages.configValid(checked.length)),
      exitCode: count > 0 ? EXIT.badConfig : EXIT.ok,
    };
  },
};
