/** Help in Russian: asking the model, and what is kept of it. */
export const ASKING: Readonly<Record<string, string>> = {
  'run a prompt config against the model': 'задать модели вопрос по конфигурации промпта',
  'run a prompt config against the model: a task of botllm, or your own in a file':
    'задать модели вопрос по конфигурации промпта: задаче botllm или вашей из файла',
  'the text that the prompt is about, or - for standard input':
    'текст, о котором промпт, или - для стандартного ввода',
  'your prompt: .js, .mjs, .ts (Node 22.18 or newer) or .yaml':
    'ваш промпт: .js, .mjs, .ts (Node 22.18 или новее) или .yaml',
  'count the call against this user, as a runtime would':
    'засчитать вызов этому пользователю, как это делает среда ботов',
  'ask the model even when the answer is cached': 'спросить модель, даже если ответ есть в кэше',
  'print what the model is asked, on stderr': 'показать в stderr, о чём спрашивают модель',
  'print tokens and times, on stderr': 'показать в stderr токены и время',
  'start the engine first if it does not run': 'сначала запустить движок, если он не работает',
  'exit with 0 even when the answer is a fallback': 'код возврата 0, даже если ответ запасной',
  'what does a user want? One message in, an intent with its confidence and entities out':
    'чего хочет пользователь? На входе сообщение, на выходе намерение, уверенность и сущности',
  'the message, or - for standard input': 'сообщение или - для стандартного ввода',
  "the intents to choose from (the guide's four)": 'из каких намерений выбирать (четыре из руководства)',
  'is an input what was asked for? A format in --expect is checked in code, the model words the reason':
    'тот ли это ввод, о котором просили? Формат из --expect проверяет код, причину формулирует модель',
  'what the user typed, or - for standard input': 'что набрал пользователь, или - для стандартного ввода',
  'what was asked for, in words': 'о чём просили, словами',
  'a menu of 1 to 8 buttons on a topic, for this user': 'меню из 1–8 кнопок на тему, для этого пользователя',
  'what the menu is about, in the language that it shall be in':
    'о чём меню, на том языке, на каком оно должно быть',
  'what is known of the user': 'что известно о пользователе',
  "a friendlier wording of a bot's message; every {{placeholder}} stays, no link comes in":
    'более дружелюбный текст сообщения бота; все {{placeholder}} остаются, ссылки не появляются',
  'how it should sound (friendly)': 'как оно должно звучать (friendly)',
  "friendlier wordings for all messages of a bot's specification: shown as a diff, or written":
    'более дружелюбные тексты всех сообщений из спецификации бота: в виде diff или сразу в файл',
  'JSON or YAML with action.reply_template.v1 in it, or - for standard input':
    'JSON или YAML с action.reply_template.v1 или - для стандартного ввода',
  'change the file (for -: print the whole of it)': 'изменить файл (для -: вывести его целиком)',
  "how they should sound, in place of the actions' own tone":
    'как они должны звучать, вместо тона из самих действий',
  'messages at once (2)': 'сколько сообщений сразу (2)',
  'ask again for what an earlier run of this file has answers to':
    'спросить заново и то, на что ответил прошлый запуск с этим файлом',
  'talk to the model; with --prompt or from a pipe: one answer as it comes':
    'разговор с моделью; с --prompt или из канала — один ответ по мере его появления',
  'an instruction that stands before everything': 'инструкция, которая стоит перед всем',
  'ask this, print the answer, leave': 'задать этот вопрос, вывести ответ и выйти',
  'longest answer (512)': 'наибольшая длина ответа (512)',
  'count it for this user': 'засчитать этому пользователю',
  'always ask the model': 'всегда спрашивать модель',
  'behind one answer: who gave it, and how fast': 'после одного ответа: кто его дал и как быстро',
  'what the cache of answers holds, by task, model and scope':
    'что лежит в кэше ответов, по задачам, моделям и областям',
  'remove cached answers: all of them, or those that the options name':
    'удалить ответы из кэша: все или те, которые задают опции',
  'only of this task: intent, menu, … or one of yours': 'только этой задачи: intent, menu, … или вашей',
  'only of this model; an alias means all its names': 'только этой модели; псевдоним означает все её имена',
  'only of this bot or tenant': 'только этого бота или арендатора',
  'only those kept for at least this long, e.g. 10m': 'только те, что лежат не меньше этого, например 10m',
  'only count what would go': 'только посчитать, сколько было бы удалено',
  'the users with the most calls in the last minute, and what each has left':
    'пользователи с наибольшим числом вызовов за последнюю минуту и сколько у кого осталось',
  'how many of them (20)': 'сколько их показать (20)',
  'what a user has used of his limit, what is left, and until when; takes nothing of it':
    'сколько лимита пользователь израсходовал, сколько осталось и до каких пор; сам лимит не тратит',
  'his id, or as `botllm limits` lists him': 'его id или то, как его называет `botllm limits`',
  'the bot or tenant that he is a user of (the one without a name)':
    'бот или арендатор, чей это пользователь (тот, что без имени)',
  "forget a user's calls, or those of all users: they begin with a full limit":
    'забыть вызовы одного или всех пользователей: лимит начинается заново',
  'all users of all scopes': 'все пользователи всех областей',
  'with --all: do not ask': 'с --all: не спрашивать',
};
