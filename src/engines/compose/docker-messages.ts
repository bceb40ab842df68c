import { inLanguage } from '../../language.js';

/** What is said of Docker and of the GPU behind it, by `up` and by `doctor` alike. */
export const SAY = inLanguage('engines/docker', {
  noClient: 'there is no `docker` on PATH',
  docker: {
    'no-client': 'Docker is not installed',
    'no-permission': 'This user may not use Docker',
    down: 'The Docker daemon does not run',
    unknown: 'Docker does not answer as it should',
  },
  dockerHint: {
    'no-client': 'install Docker (docs.docker.com/engine/install), or: botllm up --engine embedded',
    'no-permission': 'sudo usermod -aG docker "$USER", log in again; or run botllm with sudo',
    down: 'sudo systemctl start docker, or: botllm up --engine embedded',
    unknown: 'docker version',
  },
  noCompose: 'Docker Compose is not installed',
  noComposeDetail: 'neither `docker compose` nor `docker-compose` is there',
  noComposeHint: 'install the docker-compose-plugin package, or: botllm up --engine embedded',
  noGpu: 'There is no NVIDIA GPU here',
  noGpuHint: 'botllm up --gpu none, or look at: nvidia-smi',
  noGpuRuntime: (card: string) => `Docker cannot give ${card} to a container`,
  noGpuRuntimeHint:
    'install nvidia-container-toolkit, then: sudo nvidia-ctk runtime configure --runtime=docker && sudo systemctl restart docker',
});

/** What is said of the logs of containers. */
export const LOGS = inLanguage('engines/container-logs', {
  unreadable: (name: string) => `Docker cannot read the log of ${name}`,
});
