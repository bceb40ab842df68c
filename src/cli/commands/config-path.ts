import type { CommandSpec } from '../define.js';
import { messages } from '../messages.js';
import { fields } from '../style.js';

export const configPath: CommandSpec = {
  path: 'config path',
  summary: 'say which files and folders are used',
  examples: ['botllm config path', 'botllm config path --json'],
  toleratesBadConfig: true,
  handler: async ({ configuration, folders, layout }) => {
    const { project, user, env, searched } = configuration.files;
    const [first = folders.cwd] = searched;
    const data = {
      project: project ?? null,
      searched,
      user: user ?? null,
      userFolder: folders.userConfig,
      env: env ?? null,
      ...layout,
    };
    return {
      schema: 'config.path',
      data,
      text: (style) =>
        fields(
          [
            ['project', project ?? messages.configNone(first, searched.at(-1) ?? first)],
            ['user', user ?? messages.configNoUser(folders.userConfig)],
            ['.env', env ?? messages.configNoEnv],
            ['home', layout.home],
            ['models', layout.models],
            ['store', layout.store],
            ['logs', layout.logs],
            ['state', layout.state],
          ],
          style,
        ),
    };
  },
};
