import type { LOGS as Logs, SAY as Say } from './docker-messages.js';

/** `docker-messages.ts` in Russian. */
export const SAY: typeof Say = {
  noClient: 'в PATH нет `docker`',
  docker: {
    'no-client': 'Docker не установлен',
    'no-permission': 'Этому пользователю нельзя обращаться к Docker',
    down: 'Демон Docker не работает',
    unknown: 'Docker отвечает не так, как должен',
  },
  dockerHint: {
    'no-client': 'установите Docker (docs.docker.com/engine/install) или: botllm up --engine embedded',
    'no-permission': 'sudo usermod -aG docker "$USER" и войдите заново; или запустите botllm через sudo',
    down: 'sudo systemctl start docker или: botllm up --engine embedded',
    unknown: 'docker version',
  },
  noCompose: 'Docker Compose не установлен',
  noComposeDetail: 'нет ни `docker compose`, ни `docker-compose`',
  noComposeHint: 'установите пакет docker-compose-plugin или: botllm up --engine embedded',
  noGpu: 'GPU NVIDIA здесь нет',
  noGpuHint: 'botllm up --gpu none или посмотрите: nvidia-smi',
  noGpuRuntime: (card) => `Docker не может передать ${card} контейнеру`,
  noGpuRuntimeHint:
    'установите nvidia-container-toolkit, затем: sudo nvidia-ctk runtime configure --runtime=docker && sudo systemctl restart docker',
};

export const LOGS: typeof Logs = {
  unreadable: (name) => `Docker не может прочитать лог ${name}`,
};
