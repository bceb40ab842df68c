import { type Launched, type LaunchRequest, logFileOf } from '../launch.js';
import { startedWith } from '../started-with.js';
import { ensureBinding } from './install-binding.js';
import type { EngineJob } from './job.js';
import { spawnEngine, startFailure } from './start.js';

/** Starts llama.cpp in a Node process of its own, with the binding fetched where it is missing. */
export async function launchEmbedded(launch: LaunchRequest): Promise<Launched> {
  const { layout, signal, onBinding, onStart, env } = launch;
  const bindingRoot = await ensureBinding({ layout, signal, onInstall: onBinding });
  const job = engineJob(launch, bindingRoot);
  onStart();
  const process = await spawnEngine(job, env, launch.request.foreground === true);
  return {
    engine: 'embedded',
    process,
    failure: (exit) => startFailure(job, exit),
    ...(job.logFile === undefined ? {} : { logFile: job.logFile }),
  };
}

function engineJob(launch: LaunchRequest, bindingRoot: string | undefined): EngineJob {
  const { request, model, layout, instanceId, host, port, laterPort, version } = launch;
  const logFile = logFileOf(request, layout);
  const { model: _name, engine: _engine, ...limits } = startedWith(request, 'embedded', model.name);
  return {
    ...limits,
    instanceId,
    botllmVersion: version,
    host,
    port,
    ...(laterPort === undefined ? {} : { laterPort }),
    model: { name: model.name, path: model.path, thinking: model.thinking },
    failureFile: layout.engineFailure,
    ...(logFile === undefined ? {} : { logFile }),
    ...(bindingRoot === undefined ? {} : { bindingRoot }),
  };
}
