/** Help in Russian: measuring speed and quality. */
export const MEASURING: Readonly<Record<string, string>> = {
  'measure speed, memory and quality of models: those that are named, or all that are here and fit':
    'измерить скорость, память и качество моделей: указанных или всех, что скачаны и помещаются',
  'these, each served in turn; alone: every downloaded one that fits (the default)':
    'эти, по очереди; без списка — каждая скачанная, которая помещается (по умолчанию)',
  'stop the running engine meanwhile, and start it again after':
    'на это время остановить работающий движок, потом запустить снова',
  'what serves the models (auto)': 'что обслуживает модели (auto)',
  'none: on the processor (auto)': 'none: на процессоре (auto)',
  'of one slot': 'одного слота',
  'ask the quality set as well: 10, 50 or all questions of each task (none)':
    'задать и вопросы на качество: 10, 50 или все в каждой задаче (нет)',
  'so many at once, level by level (1)': 'сколько запросов сразу, уровень за уровнем (1)',
  'requests a second at moments of their own, level by level':
    'запросов в секунду, каждый в свой момент, уровень за уровнем',
  'with --request-rate (poisson)': 'вместе с --request-rate (poisson)',
  'repeats, over which the interval is (5)': 'повторов, по которым считается интервал (5)',
  'requests of a run (5)': 'запросов в одном прогоне (5)',
  'a run also ends after this time': 'прогон кончается и по этому времени',
  "plain text, or the product's own prompts (synthetic)":
    'простой текст или собственные промпты продукта (synthetic)',
  'prompt of about so many tokens (256)': 'промпт примерно из стольких токенов (256)',
  'answer of at most so many tokens (64)': 'ответ не длиннее стольких токенов (64)',
  'of the prompts (en)': 'язык промптов (en)',
  "engine: plain HTTP; client: through this library's guards; gateway: through botllm serve (engine)":
    'engine: просто HTTP; client: через защиту этой библиотеки; gateway: через botllm serve (engine)',
  'with --via gateway: one that runs before the served model (one is started)':
    'с --via gateway: тот, что уже стоит перед работающей моделью (запускается свой)',
  'then send so many users, and a fifth more, 8 times each: the first must keep it, the others not; else exit 8':
    'затем по 8 раз послать столько пользователей и на пятую часть больше: первые должны уложиться, вторые нет; иначе код 8',
  'with --engine compose: the engine of the containers (llamacpp)':
    'вместе с --engine compose: движок контейнеров (llamacpp)',
  'cold: no prompt begins like another; both: one level of each (cold)':
    'cold: все промпты начинаются по-разному; both: уровень того и другого (cold)',
  'more runs until every interval is within, e.g. 5%':
    'добавлять повторы, пока каждый интервал не станет уже, например 5%',
  'with --ci-target, so many at most (20)': 'вместе с --ci-target: не больше стольких (20)',
  'pause between two levels': 'пауза между уровнями',
  'levels take turns, there and back, half of the runs each time':
    'уровни чередуются туда и обратно, каждый раз половина повторов',
  'exit 1 where the engine cannot be made to write so many':
    'код 1, если движок нельзя заставить написать столько',
  'fields of every request: top_k=1,top_p=0.9 or a JSON object':
    'поля каждого запроса: top_k=1,top_p=0.9 или объект JSON',
  'say what became faster or slower since this JSON report':
    'сказать, что стало быстрее или медленнее с этого отчёта JSON',
  'with --baseline: exit 8 when anything is surely slower by more, e.g. 10%':
    'вместе с --baseline: код 8, если что-то наверняка медленнее на большее, например 10%',
  'append news of the work there, one JSON line each': 'дописывать туда новости о работе, по строке JSON',
  'say what would be measured, and do nothing': 'сказать, что было бы измерено, и ничего не делать',
  'share of requests within limits, e.g. e2el:5000,ttft:1000':
    'доля запросов в пределах, например e2el:5000,ttft:1000',
  'of texts and arrivals (42)': 'для текстов и моментов прихода (42)',
  '3 runs of 3 requests: indicative only': '3 прогона по 3 запроса: только для прикидки',
  'a name for this report': 'имя этого отчёта',
  "leave the instrument's own error out of the report": 'не включать в отчёт погрешность самого прибора',
  'write the report there, too: .json, .md, .csv, .html, or a folder/ with every request':
    'записать отчёт и туда: .json, .md, .csv, .html или каталог/ со всеми запросами',
  'write the result there, too, as .json': 'записать результат и туда, в .json',
  'keep every single request beside that file': 'сохранить рядом с этим файлом каждый запрос',
  'keep every single request beside a JSON report': 'сохранить рядом с отчётом JSON каждый запрос',
  'say what other tools would call these figures':
    'сказать, как эти показатели назвали бы другие инструменты',
  'make a report or a capacity again from its single requests, with other limits or for other readers':
    'заново собрать отчёт или capacity по отдельным запросам: с другими пределами или для других читателей',
  'the folder of `bench -o folder/`, its report, a capacity, or the requests of either':
    'каталог от `bench -o folder/`, отчёт в нём, capacity или запросы того и другого',
  'share of requests within other limits, e.g. e2el:3000':
    'доля запросов в других пределах, например e2el:3000',
  'write the report there: .json, .md, .csv or .html': 'записать отчёт туда: .json, .md, .csv или .html',
  'how many users the engine carries within a time limit, measured at that number':
    'сколько пользователей движок выдерживает в пределах времени, измерено при этом числе',
  'requests of one user, e.g. 2/min, 30/h (2/min)':
    'запросов одного пользователя, например 2/min, 30/h (2/min)',
  'what an answer must keep: e2el:<ms> (e2el:5000)': 'чему должен удовлетворять ответ: e2el:<ms> (e2el:5000)',
  'of the answers must keep it (95)': 'столько процентов ответов должны удовлетворять (95)',
  'of each probe; one near the limit is sent three times (100)':
    'в каждой пробе; близкая к пределу посылается трижды (100)',
  "the product's own prompts, or plain text (bot)": 'собственные промпты продукта или простой текст (bot)',
  'only this one of its prompts': 'только этот из его промптов',
  'with synthetic: prompt of about so many tokens (256)':
    'с synthetic: промпт примерно из стольких токенов (256)',
  'with synthetic: answer of at most so many tokens (64)':
    'с synthetic: ответ не длиннее стольких токенов (64)',
  "the benchmark's own error, against an engine whose truth is known":
    'погрешность самого измерения — на движке, о котором известна правда',
  'requests alone (20); twice as many at 8 together': 'запросов по одному (20); вдвое больше по 8 вместе',
  'exit 8 when a mean error of TTFT is larger': 'код 8, если средняя погрешность TTFT больше',
  'say what became faster or slower from one report to another; `~` where nothing can be told':
    'что стало быстрее или медленнее от одного отчёта к другому; `~` — где сказать ничего нельзя',
  'a JSON report of bench': 'отчёт bench в JSON',
  'a later one, of the same machine and models': 'более поздний, той же машины и тех же моделей',
  'exit 8 when anything is surely slower by more, e.g. 10%':
    'код 8, если что-то достоверно медленнее больше чем на столько, например 10%',
  'measure how right a model is: intents, validation, menus, placeholders, attacks':
    'измерить, насколько модель права: намерения, проверка ввода, меню, подстановки, атаки',
  'intent, validate, menu, improve or hostile (the first four)':
    'intent, validate, menu, improve или hostile (первые четыре)',
  'this model instead of the one that runs': 'эта модель вместо той, что работает',
  'each in turn, on a port of its own; name@url is one that runs elsewhere':
    'по очереди, каждая на своём порту; name@url — та, что работает в другом месте',
  'ways of asking: schema, turns, label, word, free, or all (schema)':
    'способы спросить: schema, turns, label, word, free или all (schema)',
  'other messages: massive, banking77, clinc150, snips or jsonl':
    'другие сообщения: massive, banking77, clinc150, snips или jsonl',
  'labels drawn from such a set (12)': 'сколько меток взять из такого набора (12)',
  'at most so many questions of each task': 'не больше стольких вопросов каждой задачи',
  'decides which come first (42)': 'решает, какие идут первыми (42)',
  'questions in flight (1)': 'вопросов одновременно (1)',
  'exit with 8 below it: 0.6, or intent:0.7,improve:0.9': 'код 8, если ниже: 0.6 или intent:0.7,improve:0.9',
  'write every answer as a JUnit test': 'записать каждый ответ как тест JUnit',
  'go on with the report that -o names: ask only what it has no answer to':
    'продолжить отчёт из -o: спросить только то, на что в нём нет ответа',
  'write the JSON report': 'записать отчёт в JSON',
};
