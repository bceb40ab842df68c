/** What `botllm --help` says of each command, so that it need load none. Written by `npm run docs`. */
export const LISTED: readonly { path: string; summary: string; arguments?: readonly string[] }[] = [
  { path: 'up', summary: 'start the engine and wait until it can make a token' },
  { path: 'down', summary: 'stop the engine of this home: its process, or its container' },
  { path: 'restart', summary: 'stop the engine and start it again as it was, until it is ready' },
  {
    path: 'switch',
    summary: 'serve another model, tried beside the first where there is room, or go on with the first',
    arguments: ['<model>'],
  },
  { path: 'status', summary: 'say what runs, where and with which model' },
  { path: 'health', summary: 'one word for scripts: ready, loading, not running …' },
  {
    path: 'logs',
    summary:
      'print the log of the engine, of its Redis, of the gateway or of the bots; or the events of calls',
    arguments: ['[of]'],
  },
  { path: 'stats', summary: 'say what the engine takes now: processor, memory, network, GPU' },
  {
    path: 'top',
    summary: 'watch it: traffic, requests, logs, cache and limits, models, bench; ? shows the keys',
  },
  {
    path: 'metrics',
    summary: 'say what gateway, runtimes and engine have counted: requests, times, cache, tokens, errors',
  },
  {
    path: 'doctor',
    summary:
      'look at the machine, Docker, the model, the engine and its guards; say what is wrong, and what mends it',
  },
  {
    path: 'support-bundle',
    summary:
      'one archive for whoever helps: diagnosis, settings, versions, ends of logs; no secrets, no texts of users',
  },
  {
    path: 'serve',
    summary:
      'an OpenAI-compatible gateway with the same cache, limits and fallbacks, for bots in any language',
  },
  {
    path: 'try',
    summary: 'run a prompt config against the model: a task of botllm, or your own in a file',
    arguments: ['[text]'],
  },
  {
    path: 'try intent',
    summary: 'what does a user want? One message in, an intent with its confidence and entities out',
    arguments: ['[text]'],
  },
  {
    path: 'try validate',
    summary:
      'is an input what was asked for? A format in --expect is checked in code, the model words the reason',
    arguments: ['[text]'],
  },
  { path: 'try menu', summary: 'a menu of 1 to 8 buttons on a topic, for this user' },
  {
    path: 'try improve',
    summary: "a friendlier wording of a bot's message; every {{placeholder}} stays, no link comes in",
    arguments: ['[text]'],
  },
  {
    path: 'improve',
    summary: "friendlier wordings for all messages of a bot's specification: shown as a diff, or written",
    arguments: ['<file>'],
  },
  {
    path: 'bench',
    summary:
      'measure speed, memory and quality of models: those that are named, or all that are here and fit',
  },
  {
    path: 'bench capacity',
    summary: 'how many users the engine carries within a time limit, measured at that number',
  },
  { path: 'bench self-test', summary: "the benchmark's own error, against an engine whose truth is known" },
  {
    path: 'bench compare',
    summary: 'say what became faster or slower from one report to another; `~` where nothing can be told',
    arguments: ['<before>', '<after>'],
  },
  {
    path: 'bench analyse',
    summary:
      'make a report or a capacity again from its single requests, with other limits or for other readers',
    arguments: ['<file>'],
  },
  {
    path: 'eval',
    summary: 'measure how right a model is: intents, validation, menus, placeholders, attacks',
    arguments: ['[task]'],
  },
  { path: 'chat', summary: 'talk to the model; with --prompt or from a pipe: one answer as it comes' },
  { path: 'cache', summary: 'what the cache of answers holds, by task, model and scope' },
  { path: 'cache clear', summary: 'remove cached answers: all of them, or those that the options name' },
  { path: 'limits', summary: 'the users with the most calls in the last minute, and what each has left' },
  {
    path: 'limits show',
    summary: 'what a user has used of his limit, what is left, and until when; takes nothing of it',
    arguments: ['<user>'],
  },
  {
    path: 'limits reset',
    summary: "forget a user's calls, or those of all users: they begin with a full limit",
    arguments: ['[user]'],
  },
  { path: 'models', summary: 'list the models that botllm knows, and which lie here' },
  {
    path: 'models show',
    summary: 'show what is known of one model: memory, licence, context, names per engine',
    arguments: ['<model>'],
  },
  {
    path: 'models rm',
    summary: 'remove a model from this machine, and say how many bytes went',
    arguments: ['<model>'],
  },
  {
    path: 'pull',
    summary: 'fetch a model; goes on where an earlier run was cut off',
    arguments: ['<model>'],
  },
  { path: 'config show', summary: 'print every setting as it stands, secrets only as set or not set' },
  {
    path: 'config validate',
    summary: 'check one configuration file, or all that are used here and the shell',
    arguments: ['[file]'],
  },
  {
    path: 'config init',
    summary: 'write a commented configuration file into the current folder',
    arguments: ['[file]'],
  },
  { path: 'config path', summary: 'say which files and folders are used' },
  {
    path: 'completion',
    summary: 'print the script with which a shell completes commands, options, models and users',
    arguments: ['<shell>'],
  },
];
