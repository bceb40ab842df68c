/** Help in Russian: what stands around every command, and the words of commander. */
export const EVERYWHERE: Readonly<Record<string, string>> = {
  'print JSON on stdout': 'выводить JSON в stdout',
  'no colour (NO_COLOR does the same)': 'без цвета (то же делает NO_COLOR)',
  'plain ASCII marks': 'только знаки ASCII',
  'only results and errors': 'только результаты и ошибки',
  'ask nothing: what would have to be asked is a usage error':
    'ни о чём не спрашивать: то, о чём пришлось бы спросить, — ошибка использования',
  'traces of errors on stderr': 'трассировка ошибок в stderr',
  "this file instead of the project's botllm.config.*": 'этот файл вместо botllm.config.* проекта',
  'the engine to talk to (LLM_BASE_URL)': 'к какому движку обращаться (LLM_BASE_URL)',
  'the Redis of cached answers and limits; none: the embedded store (REDIS_URL)':
    'Redis для кэша ответов и лимитов; none — встроенное хранилище (REDIS_URL)',
  'the language of the text (LC_ALL, LC_MESSAGES, LANG); JSON is English always':
    'язык текста (LC_ALL, LC_MESSAGES, LANG); JSON всегда на английском',
  'how long to wait in all, e.g. 30s, 2m': 'сколько всего ждать, например 30s, 2m',

  'A local language model for bots: bring it up, try prompts against it, keep it honest.':
    'Локальная языковая модель для ботов: поднять её, проверить на ней промпты, держать под контролем.',
  'show, check and begin the configuration': 'показать, проверить и начать конфигурацию',
  'print this help': 'показать эту справку',
  'print the version': 'показать версию',
  'display help for command': 'показать справку по команде',
  choices: 'варианты',
  '[options]': '[опции]',
  '[command]': '[команда]',
  'Usage:': 'Использование:',
  'Arguments:': 'Аргументы:',
  'Options:': 'Опции:',
  'Commands:': 'Команды:',
  'Everywhere:': 'Везде:',
  'Examples:': 'Примеры:',
  '<command> [options]': '<команда> [опции]',
};
