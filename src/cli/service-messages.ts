import { inLanguage } from '../language.js';

/** What `up --service`, `down --service` and their neighbours say. */
export const serviceWords = inLanguage('cli/service', {
  notWith: (option: string) => `--service goes without ${option}`,
  notWithHint: {
    foreground: 'the service itself is what stays in the foreground: botllm up --service',
    idle: 'a service that left when it is idle would not come back; botllm up --idle-timeout … starts an engine by hand',
  },
  container: 'A container is started again by Docker itself (restart: unless-stopped), also after a reboot',
  containerHint:
    'botllm up --engine compose, or a service for a process: botllm up --service --engine embedded',
  remote: 'A remote engine is kept running where it is',
  remoteHint: 'botllm up --service on that machine',
  projectHome: 'A project’s own file names the home; a service is set up for a home that you name yourself',
  projectHomeHint: (home: string) => `export BOTLLM_HOME="${home}"`,
  takesOver: (model: string) => `the service takes over from ${model}, which runs already`,
  unit: (name: string, file: string) => `${name} (${file})`,
  isUp: (model: string, endpoint: string) => `${model} is ready at ${endpoint}, and is kept running`,
  unchanged: (model: string, endpoint: string) =>
    `${model} is kept running at ${endpoint}; nothing had to be changed`,
  dry: (file: string) => `would write ${file}; nothing was changed`,
  linger:
    'It starts when you log in, and ends with your last session. To let it run without one: loginctl enable-linger',
  npx: 'It runs botllm out of npx’s cache, which may be cleared: npm install -g botllm, then botllm up --service',
  asInstalled: 'as its service was installed',
  removed: (name: string) => `stopped and removed ${name}`,
  noneInstalled: 'no service is installed',
  stopped: (name: string) =>
    `stopped ${name}; it starts again with your next login, or by botllm up. botllm down --service removes it`,
  wouldStop: (name: string) => `would stop ${name}`,
  wouldRemove: (name: string, file: string) => `would stop ${name} and remove ${file}`,
  starting: (name: string) => `starting ${name}; other options: botllm up --service …`,
  byHand: (name: string) =>
    `${name} is installed: it takes over from this engine when you log in next; botllm up --service … changes it for good`,
  state: {
    running: 'running',
    starting: 'starting',
    stopping: 'stopping',
    waiting: 'failed, starts again by itself',
    failed: 'failed, and does not start again',
    stopped: 'stopped',
  },
  look: (name: string, state: string, restarts: number) =>
    `${name}: ${state}${restarts > 0 ? `, restarted ${restarts} times` : ''}`,
});
