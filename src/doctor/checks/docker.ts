import { findCompose } from '../../engines/compose/compose-tool.js';
import { SAY as DOCKER } from '../../engines/compose/docker-messages.js';
import { prettySize } from '../../size.js';
import { type Check, fail, ok, skip, warn } from '../check.js';
import { SAY } from '../messages.js';
import type { Patient } from '../patient.js';

/** Without a container of ours Docker is a choice, and not a need. */
const isNeeded = async (patient: Patient) => (await patient.choice()) !== null;

export const dockerDaemon: Check = {
  id: 'docker-daemon',
  look: async (patient) => {
    const probe = await patient.docker();
    if (probe.state === 'running') return ok(SAY.docker(probe.version));
    const evidence = `${DOCKER.docker[probe.state]}: ${probe.detail}`;
    const fix = DOCKER.dockerHint[probe.state];
    if (await isNeeded(patient)) return fail(evidence, fix);
    return probe.state === 'no-client' ? skip(evidence) : warn(evidence, fix);
  },
};

export const compose: Check = {
  id: 'compose',
  look: async (patient) => {
    if ((await patient.docker()).state !== 'running') return skip(SAY.noDocker);
    const tool = await findCompose(patient.run);
    if (tool) return ok(SAY.compose([tool.command, ...tool.prefix].join(' '), tool.version));
    const look = (await isNeeded(patient)) ? fail : warn;
    return look(DOCKER.noComposeDetail, DOCKER.noComposeHint);
  },
};

export const gpu: Check = {
  id: 'gpu',
  look: async (patient) => {
    const [{ cards, way }, docker, engine] = await Promise.all([
      patient.gpu(),
      patient.docker(),
      patient.engine(),
    ]);
    const [card] = cards;
    if (card === undefined) return skip(DOCKER.noGpu);
    const evidence = SAY.card(card.name, card.driver, prettySize(card.totalBytes, { binary: true }), way);
    if (docker.state === 'running' && way === undefined)
      return warn(`${evidence}; ${DOCKER.noGpuRuntime(card.name)}`, DOCKER.noGpuRuntimeHint);
    const isIdle = engine.state === 'ready' && engine.device === 'CPU';
    return isIdle ? warn(`${evidence}; ${SAY.cardIdle}`, SAY.cardIdleFix) : ok(evidence);
  },
};

export const vram: Check = {
  id: 'vram',
  look: async (patient) => {
    const [{ cards }, model, engine] = await Promise.all([patient.gpu(), patient.model(), patient.engine()]);
    const [card] = cards;
    if (card === undefined) return skip(DOCKER.noGpu);
    const { offload } = engine.container ?? {};
    if (offload && offload.onGpu < offload.total)
      return warn(SAY.partial(offload.onGpu, offload.total, offload.unit), SAY.partialFix);
    if (model?.memory === undefined || engine.state === 'ready') return skip(SAY.memoryUnknown);
    const size = (bytes: number) => prettySize(bytes, { binary: true });
    const evidence = SAY.vram(
      model.name,
      size(model.memory.total),
      size(card.freeBytes),
      size(card.totalBytes),
    );
    return model.memory.total > card.freeBytes ? warn(evidence, SAY.partialFix) : ok(evidence);
  },
};
