/** What the table of settings says, in Russian: meanings, defaults and ranges by the English text. */
export const SETTING_TEXTS: Readonly<Record<string, string>> = {
  'off for a runtime, on for the CLI': 'выключено для среды ботов, включено для CLI',
  'An explicit `false` is a kill switch: fallbacks, one event, no call':
    'Явное `false` — рубильник: запасные ответы, одно событие, ни одного вызова',
  'true or false': 'true или false',
  'the running engine, else http://127.0.0.1:11434': 'работающий движок, иначе http://127.0.0.1:11434',
  'The engine, with or without /v1': 'Движок, с /v1 или без него',
  'an http:// or https:// address': 'адрес http:// или https://',
  'what the engine serves': 'что обслуживает движок',
  'An alias, the served name or the hub id': 'Псевдоним, имя у движка или имя на хабе',
  text: 'текст',
  'One attempt; in a stream, until its first content': 'Одна попытка; в потоке — до первого содержимого',
  'seconds, or 250ms, 30s, 2m; from 1 ms to 600 s': 'секунды или 250ms, 30s, 2m; от 1 мс до 600 с',
  'seconds, or 250ms, 30s, 2m; from 1 ms to 3600 s': 'секунды или 250ms, 30s, 2m; от 1 мс до 3600 с',
  'seconds, or 250ms, 30s, 2m; from 0 ms to 86400 s': 'секунды или 250ms, 30s, 2m; от 0 мс до 86400 с',
  'The whole call, with its retries and waits': 'Весь вызов, с повторами и ожиданием',
  'Retries after the first attempt; a timeout is retried at most once':
    'Повторы после первой попытки; таймаут повторяется не больше одного раза',
  'a whole number from 0 to 10': 'целое число от 0 до 10',
  'Calls per user in any 60 s; 0 = unlimited': 'Вызовов на пользователя за любые 60 с; 0 — без ограничения',
  'a whole number from 0 to 10000': 'целое число от 0 до 10000',
  'Life of a cached answer; 0 = no cache': 'Сколько живёт ответ в кэше; 0 — без кэша',
  'Longest prompt, in characters; a longer one is refused, never cut':
    'Наибольшая длина промпта в символах; более длинный отклоняется, но не обрезается',
  'a whole number from 1 to 10000000': 'целое число от 1 до 10000000',
  "the engine's slots, else 4": 'слоты движка, иначе 4',
  'Calls in flight to one engine from one process': 'Одновременных вызовов одного движка из одного процесса',
  'a whole number from 1 to 1024': 'целое число от 1 до 1024',
  none: 'нет',
  'Sent to the engine as a bearer token': 'Отправляется движку как токен Bearer',
  'keys, each at least 8 visible ASCII characters': 'ключи, каждый не короче 8 видимых символов ASCII',
  'visible ASCII characters without spaces': 'видимые символы ASCII без пробелов',
  'the Redis that `up` started, else none': 'Redis, который запустил `up`, иначе нет',
  'The Redis that keeps cached answers and limits; none = the embedded store':
    'Redis для кэша ответов и лимитов; none — встроенное хранилище',
  'redis://[user:password@]host[:port][/db] or rediss://…, of a cluster with host,host,…, or none':
    'redis://[user:password@]host[:port][/db] или rediss://…, для кластера — host,host,…, или none',
  "the user's data folder": 'каталог данных пользователя',
  "Models, state, logs and the embedded store; llama.cpp itself stays in your own home where a project's file sets it":
    'Модели, состояние, логи и встроенное хранилище; если каталог задаёт файл проекта, сам llama.cpp остаётся в вашем домашнем каталоге',
  'The port on 127.0.0.1 that `up` gives the engine; `--port` wins over it':
    'Порт на 127.0.0.1, который `up` даёт движку; `--port` важнее',
  'a whole number from 1 to 65535': 'целое число от 1 до 65535',
  'the llama-server on PATH, if any': 'llama-server из PATH, если он есть',
  "llama.cpp's own server; `up` takes it as its `native` engine. Not from a project's file, nor from `.env`":
    'Собственный сервер llama.cpp; `up` берёт его как движок `native`. Не из файла проекта и не из `.env`',
  'LLM_MODEL, else qwen3-1.7b': 'LLM_MODEL, иначе qwen3-1.7b',
  'The model that `up` starts; `--model` wins over it': 'Модель, которую запускает `up`; `--model` важнее',
  'For gated models; never sent beyond the hub itself':
    'Для моделей с доступом по условиям; никуда, кроме самого хаба, не отправляется',
  'The model hub or a mirror of it': 'Хаб моделей или его зеркало',
  'as the model is best served': 'как модель обслуживается лучше всего',
  "int4, int8, gptq, or the container family's own word; each is translated for it. `--quantize` wins":
    'int4, int8, gptq или собственное слово семейства контейнера; для каждого переводится. `--quantize` важнее',
  'int4, int8, gptq, or a name of the engine such as Q4_K_M':
    'int4, int8, gptq или имя движка, например Q4_K_M',
  'up to 4 requests of 4096': 'до 4 запросов по 4096',
  'Tokens of all requests at once in a container; one request gets at most 4096 of them':
    'Токены всех одновременных запросов в контейнере; одному запросу достаётся не больше 4096',
  'a whole number from 256 to 9999999': 'целое число от 256 до 9999999',
  "a pinned build of the family's own": 'закреплённая сборка самого семейства',
  "The container's image. Not from a project's file, nor from `.env`":
    'Образ контейнера. Не из файла проекта и не из `.env`',
  'an image, such as registry/name:tag': 'образ, например registry/name:tag',
  "The image of the Redis beside it. Not from a project's file, nor from `.env`":
    'Образ Redis рядом с ним. Не из файла проекта и не из `.env`',
  "The Docker network where the engine is `llm:11434`; the runtime's container joins it":
    'Сеть Docker, где движок — `llm:11434`; к ней подключается контейнер среды ботов',
  'letters, digits, `_`, `.` and `-`': 'буквы, цифры, `_`, `.` и `-`',
  'The address that the container is published on; another than loopback needs LLM_API_KEY. `--publish` wins':
    'Адрес, на котором публикуется контейнер; для любого, кроме loopback, нужен LLM_API_KEY. `--publish` важнее',
  'an IP address of this machine, or 0.0.0.0 for all': 'IP-адрес этой машины или 0.0.0.0 — на всех',
  "The container's bound of memory; `--memory` wins": 'Предел памяти контейнера; `--memory` важнее',
  'a size such as 512m or 6g': 'размер, например 512m или 6g',
  "Docker's runtime of the container. Not from a project's file, nor from `.env`":
    'Среда выполнения Docker для контейнера. Не из файла проекта и не из `.env`',
  'Which NVIDIA cards the container gets, where there are any; `--gpu none` gives it none':
    'Какие карты NVIDIA получает контейнер, если они есть; `--gpu none` не даёт ни одной',
  '0, 0,1, all, or GPU-…': '0, 0,1, all или GPU-…',
  "The container's name": 'Имя контейнера',
  'The name of the Redis beside it': 'Имя контейнера Redis рядом с ним',
  'Its port on 127.0.0.1, on which `metrics` and `top` look as well; `--port` wins':
    'Его порт на 127.0.0.1, туда же смотрят `metrics` и `top`; `--port` важнее',
  'The name of its container, for `logs gateway`': 'Имя его контейнера, для `logs gateway`',
  'Its port on 127.0.0.1': 'Его порт на 127.0.0.1',
  'The volume that keeps the weights which the container fetched':
    'Том, где лежат веса, которые скачал контейнер',
  'that volume': 'этот том',
  'A folder of this machine in its place, for MODEL_ID=/weights/file.gguf':
    'Каталог этой машины вместо него, для MODEL_ID=/weights/file.gguf',
  "The bots' own container, for `logs runtime` and `doctor`":
    'Контейнер самих ботов, для `logs runtime` и `doctor`',
  'Keys that callers of `serve` need one of, with commas between them; without any it stays on loopback':
    'Ключи, один из которых нужен тем, кто обращается к `serve`, через запятую; без ключей он остаётся на loopback',
  'A file with such keys, one a line; read when `serve` starts':
    'Файл с такими ключами, по одному в строке; читается при запуске `serve`',
};
