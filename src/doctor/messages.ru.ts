import { counted, figure } from '../russian.js';
import { cli, type FIREWALL as Firewall, type FIX as Fix, quoted, type SAY as Say } from './messages.js';

const list = (all: readonly (number | string)[]) => all.join(', ');

/** `messages.ts` in Russian. */
export const SAY: typeof Say = {
  noAnswerIn: (seconds) => `нет ответа за ${figure(seconds)} с`,
  notLooked: (why) => `проверить не удалось: ${why}`,

  node: (version, platform, arch, cores) =>
    `Node ${version}, ${platform} ${arch}, ${counted(cores, 'ядро', 'ядра', 'ядер')}`,
  problems: (count, first) =>
    count === 1 ? first : `${counted(count, 'ошибка', 'ошибки', 'ошибок')}, первая: ${first}`,
  settings: (count) => (count === 0 ? 'все по умолчанию' : `задано ${figure(count)}, все верны`),
  homeNew: (folder) => `${folder} создаст первая команда, которой он понадобится`,
  homeClosed: (folder) => `в ${folder} нельзя писать`,
  homeOpen: (folder) => `в ${folder} могут писать посторонние, то есть подменить модели и настройки`,
  homeMend: (folder) => `закрыть ${folder} от посторонних (права 700)`,
  disk: (free, missing, model) =>
    missing === undefined ? `свободно ${free}` : `свободно ${free}, нужно скачать ${missing} для ${model}`,
  memory: (model, need, machine) => `${model} займёт около ${need} из ${machine}`,
  memoryUnknown: 'сколько займёт модель, неизвестно',
  skew: (ms) => `расхождение с часами Redis ${figure(ms)} мс`,
  clockUnknown: 'сравнить не с чем',
  clockSynchronised: 'синхронизированы',
  clockFree: 'не синхронизируются ни с одним сервером времени',
  noProxy: 'не задан',
  proxySpares: (names, host) => `${names}; к ${host} запросы идут напрямую`,
  proxied: (names, host) =>
    `задано ${names}: curl и другие клиенты пойдут к ${host} через прокси (сам botllm — нет)`,

  docker: (version) => `Docker ${version}`,
  noDocker: 'Docker не используется',
  compose: (command, version) => `${command} ${version}`,
  card: (name, driver, size, way) =>
    `${name}, ${size}, драйвер ${driver}${way === undefined ? '' : `, для контейнеров через ${way}`}`,
  cardIdle: 'движок работает на процессоре',
  cardIdleFix: 'botllm restart --gpu auto',
  partial: (onGpu, total, unit) =>
    unit === 'layers'
      ? `на GPU ${onGpu} из ${counted(total, 'слоя', 'слоёв', 'слоёв')}`
      : `на GPU ${Math.round((100 * onGpu) / total)} % модели`,
  partialFix: 'модель поменьше или сильнее квантованная: botllm models',
  vram: (model, need, free, total) => `${model} займёт около ${need}; свободно ${free} из ${total}`,

  modelUnknown: 'ни одна модель не обслуживается и не указана',
  licenceUnknown: (model) => `условия ${model} здесь неизвестны`,
  licence: (model, terms) => `${model}: ${terms}`,
  notGated: (model) => `для ${model} токен не нужен`,
  ungatedCopy: (model) => `доступ к оригиналу ${model} — по условиям, к скачиваемой копии — свободный`,
  hasToken: (model) => `доступ к ${model} — по условиям, HF_TOKEN задан`,
  gated: (model) => `доступ к ${model} — по условиям, а HF_TOKEN нет`,
  serves: (model) => model,
  servesOther: (configured, found) => `LLM_MODEL — ${configured}, но движок обслуживает ${found}`,

  portOurs: (place) => `${place} — наш`,
  portFree: (port) => `${port} свободен`,
  portTaken: (port, owner) => `${port} занят: ${owner}`,
  redisPortTaken: (port, owner) => `${port} занят (${owner}): \`up\` не запустит Redis рядом с контейнером`,
  engine: {
    ready: (endpoint) => `готов: ${endpoint}`,
    loading: (endpoint, phase) => `ещё загружается: ${endpoint}${phase ? ` (${phase})` : ''}`,
    stopping: (endpoint) => `останавливается: ${endpoint}`,
    unhealthy: (endpoint, why) => `${endpoint} отвечает не так, как должен${why ? `: ${why}` : ''}`,
    stopped: (endpoint, why) =>
      [endpoint === '' ? 'не запущен' : `по адресу ${endpoint} никто не отвечает`, why]
        .filter(Boolean)
        .join(': '),
  },
  notReady: 'движок не готов',
  enforced: (answer) => `соблюдается: на просьбу написать фразу движок ответил ${answer}`,
  notEnforced: 'движок не соблюдает схему; ответы проверяются, а при ошибке запрашиваются ещё раз',

  embeddedStore: (folder) => `не используется; встроенное хранилище лежит в ${folder}`,
  redis: (location, version, ms) =>
    `${location}${version === undefined ? '' : `, Redis ${version}`}, ping ${ms.toFixed(1).replace('.', ',')} мс`,
  redisDown: (location, why) => `${location} не отвечает: ${why}`,
  redisSilent: 'Redis не отвечает',
  noRedis: 'Redis не используется',
  mayNotAsk: 'этой учётной записи нельзя об этом спрашивать',
  saveFailed: 'последний снимок не удался: Redis может отклонять любую запись',
  snapshots: 'снимки',
  appendOnly: 'журнал изменений',
  notPersistent:
    'перезапуск ничего не сохраняет: пропадут ответы в кэше и подсчитанные вызовы, больше ничего',
  evicts: (policy) => `${policy}: заполненный Redis забывает вызовы пользователей, которые близки к лимиту`,
  evictionMend: (location) => `задать maxmemory-policy noeviction в ${location}`,
  unbounded: 'noeviction без предела: может занять всю память своей машины',
  bounded: (size) => `noeviction, не больше ${size}`,

  noRuntime: (name) => `контейнера ${name} нет`,
  runtimeStopped: (name) => `${name} не запущен`,
  runtimeUrl: (name) => `LLM_BASE_URL у ${name} — не адрес`,
  runtimeNoWay: (name) => `в ${name} нет ни curl, ни wget, ни python3, ни node, чтобы это проверить`,
  runtimeReaches: (name, url) => `${name} достаёт до ${url}`,
  runtimeCut: (name, url) => `${name} не достаёт до ${url}`,

  theEngine: 'движок',
  theRedis: 'Redis',
  nothingHere: 'на этой машине ничего из этого не работает',
  loopbackOnly: (what, port) => `${what} отвечает только на loopback (порт ${port})`,
  openOn: (what, port, addresses, byDocker) =>
    `${what} отвечает на ${list(addresses.map((one) => (one.includes(':') ? `[${one}]:${port}` : `${one}:${port}`)))}${
      byDocker ? '; порт публикует Docker, поэтому правила INPUT и ufw на него не действуют' : ''
    }`,
  behindFirewall: 'закрыт от чужих цепочкой BOTLLM',
  withKey: 'по ключу',
  nothingPublished: 'Docker не публикует ни одного нашего порта',
  firewallUnread: 'читать правила может только root',
  inputRule: (ports) =>
    `в INPUT есть правило для порта ${list(ports)}, но оно не действует: опубликованное Docker пересылается и через INPUT не проходит`,
  guarded: (ports) => `порт ${list(ports)} проходит через цепочку BOTLLM`,
  noInputRule: 'в INPUT нет правил для портов, которые публикует Docker',
};

export const FIX: typeof Fix = {
  node: 'установите Node 20.19 или новее (nodejs.org)',
  problems: 'botllm config validate',
  home: 'станьте его владельцем (chown) или укажите другой: export BOTLLM_HOME=…',
  homeOpen: (folder) => `chmod 700 ${quoted(folder)}`,
  disk: 'botllm models, затем: botllm models rm <name>; или другой диск: export BOTLLM_HOME=…',
  memory: 'модель поменьше: botllm models',
  clock: 'sudo timedatectl set-ntp true',
  proxy: (host) => `export NO_PROXY="$NO_PROXY,${host},localhost,llm"`,
  licence: 'другая модель: botllm models',
  token: 'примите условия на хабе, затем: export HF_TOKEN=…',
  served: (configured, found) => `botllm switch ${quoted(configured)} или: export LLM_MODEL=${quoted(found)}`,
  port: 'botllm up --port 11500 или остановите другую программу',
  redisPort: (port) =>
    `export REDIS_URL=redis://127.0.0.1:${port}, чтобы использовать тот, или REDIS_PORT для другого`,
  loading: 'botllm health --wait',
  remote: 'посмотрите LLM_BASE_URL: botllm config show',
  up: 'botllm up',
  unhealthy: 'botllm logs, затем: botllm restart',
  notEnforced: 'движок, который знает response_format: botllm up',
  redis: (location) => `${cli(location)} ping; или посмотрите REDIS_URL: botllm config show`,
  redisLogin: 'укажите пользователя и пароль в REDIS_URL: redis://user:password@host:6379',
  redisSlow: 'Redis поближе к ботам',
  saveFailed: 'проверьте диск Redis: botllm logs redis',
  eviction: (location) => `${cli(location)} config set maxmemory-policy noeviction`,
  unbounded: (location) => `${cli(location)} config set maxmemory 256mb`,
  runtimeStopped: (name) => `docker start ${name}`,
  runtimeUrl: 'задайте ему LLM_BASE_URL=http://llm:11434',
  runtimeNetwork: (network, name) =>
    `docker network connect ${network} ${name}, а в нём LLM_BASE_URL=http://llm:11434`,
  runtimeNoWay: (name, url) =>
    `проверьте вручную: docker run --rm --network container:${name} curlimages/curl ${url}`,
  exposed:
    'публикуйте его на 127.0.0.1 (botllm down && botllm up) или: sudo botllm doctor --firewall --apply',
  exposedProcess: (port) =>
    `пусть он слушает 127.0.0.1, или: sudo botllm doctor --firewall --apply (порт ${port})`,
  firewall: 'sudo botllm doctor --firewall --apply',
};

export const FIREWALL: typeof Firewall = {
  noTool: 'iptables здесь нет',
  noToolHint: 'sudo apt-get install iptables',
  notRoot: 'Правила межсетевого экрана может менять только root',
  notRootHint: 'sudo env "PATH=$PATH" botllm doctor --firewall --apply',
  noDockerChain: 'Docker публикует здесь порт, но цепочки DOCKER-USER у него нет',
  noDockerChainHint:
    'если у него nftables, напишите правило там (docs.docker.com/engine/network/firewall-nftables); с "iptables": false Docker оставляет межсетевой экран вам',
  refused: 'iptables не принял правило',
  refusedHint: 'botllm doctor --firewall покажет их все',
};
