import type { Words } from '../language.js';
import { counted } from '../russian.js';
import type { serviceWords as english } from './service-messages.js';

export const serviceWords: Words<typeof english> = {
  notWith: (option) => `--service не сочетается с ${option}`,
  notWithHint: {
    foreground: 'на переднем плане остаётся сама служба: botllm up --service',
    idle: 'служба, которая ушла без дела, не вернулась бы; botllm up --idle-timeout … запускает движок вручную',
  },
  container: 'Контейнер запускает снова сам Docker (restart: unless-stopped), и после перезагрузки тоже',
  containerHint: 'botllm up --engine compose, а служба для процесса: botllm up --service --engine embedded',
  remote: 'Удалённый движок держат включённым там, где он стоит',
  remoteHint: 'botllm up --service на той машине',
  projectHome: 'Домашний каталог назван в файле проекта; службу ставят для каталога, который вы назвали сами',
  projectHomeHint: (home) => `export BOTLLM_HOME="${home}"`,
  takesOver: (model) => `служба сменяет ${model}, которая уже запущена`,
  unit: (name, file) => `${name} (${file})`,
  isUp: (model, endpoint) => `${model} готова по адресу ${endpoint}, за её работой следит служба`,
  unchanged: (model, endpoint) =>
    `${model} работает службой по адресу ${endpoint}; менять ничего не пришлось`,
  dry: (file) => `был бы записан ${file}; ничего не изменено`,
  linger:
    'Она запускается, когда вы входите, и завершается с вашей последней сессией. Чтобы работала и без входа: loginctl enable-linger',
  npx: 'Она запускает botllm из кеша npx, который могут очистить: npm install -g botllm, затем botllm up --service',
  asInstalled: 'так, как установлена служба',
  removed: (name) => `служба ${name} остановлена и удалена`,
  noneInstalled: 'служба не установлена',
  stopped: (name) =>
    `служба ${name} остановлена; она запустится при следующем входе или по botllm up. botllm down --service удалит её`,
  wouldStop: (name) => `служба ${name} была бы остановлена`,
  wouldRemove: (name, file) => `служба ${name} была бы остановлена, а ${file} удалён`,
  starting: (name) => `запускаю службу ${name}; с другими параметрами: botllm up --service …`,
  byHand: (name) =>
    `установлена служба ${name}: она сменит этот движок при следующем входе; botllm up --service … изменит её саму`,
  state: {
    running: 'работает',
    starting: 'запускается',
    stopping: 'останавливается',
    waiting: 'не удалась, запустится снова сама',
    failed: 'не удалась, и снова не запустится',
    stopped: 'остановлена',
  },
  look: (name, state, restarts) =>
    `${name}: ${state}${restarts > 0 ? `, перезапущена ${counted(restarts, 'раз', 'раза', 'раз')}` : ''}`,
};
