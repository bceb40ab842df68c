import { BotllmError } from '../errors.js';
import { TASKS } from '../eval/set/cases.js';
import { counted, figure } from '../russian.js';
import type { evalMessages as English } from './eval-messages.js';

/** `eval-messages.ts` in Russian. */
export const evalMessages: typeof English = {
  badThreshold: `доля от 0 до 1 или ${TASKS.join('|')}:доля, несколько через запятую: intent:0.7,improve:0.9`,
  badWay: (word, known) => `способа ${word} нет; есть ${known.join(', ')} или all`,
  badData: (known) => `формат и место: ${known.join(', ')}`,
  onlyIntents: () =>
    new BotllmError('USAGE', 'в импортированном наборе есть только намерения', {
      detail: '--data годится только для задачи intent',
      hint: 'botllm eval intent --data jsonl:mine.jsonl',
    }),
  modelsAndModel: () =>
    new BotllmError('USAGE', 'указаны и --model, и --models', { hint: 'botllm eval --models a,b' }),
  notMeasured: (model) => `${model} измерить не удалось`,
  starting: (model, at, of) => `модель ${at} из ${of}: ${model}`,
  unknownTask: (word) =>
    new BotllmError('USAGE', `eval не знает задачи ${word}`, {
      detail: `есть ${TASKS.join(', ')}; без задачи — все, кроме hostile`,
      hint: 'botllm eval intent',
    }),
  progress: (done, planned) => `${figure(done)} из ${figure(planned)}`,
  interrupted: 'прервано: дальше — по тем ответам, которые успели прийти',
  goOn: (file) => `они сохранены в ${file}; та же команда с --resume спросит остальное`,
  partial: '  (не до конца)',
  endedEarly: (row, answered, planned, code) =>
    `${row}: остановлено раньше времени${code === undefined ? '' : ` (${code})`}, ответов ${figure(answered)} из ${figure(planned)}${answered === 0 ? '' : ', и цифры — только по ним'}`,
  belowGate: (failures) =>
    new BotllmError('INVALID_ANSWER', 'ниже порога', {
      detail: failures
        .map(
          ({ model, way, task, least, got }) =>
            `${model} / ${way}: ${task} ${got?.toFixed(3) ?? 'не спрашивали'} < ${least}`,
        )
        .join('; '),
      hint: 'botllm eval --json покажет каждый ответ',
    }),
  context: (tokens) => `контекст ${figure(tokens)}`,
  slots: (count) => counted(count, 'слот', 'слота', 'слотов'),
  setLine: (name, licence, labels, seed) =>
    `набор ${name} (${licence}), ${counted(labels, 'метка', 'метки', 'меток')} и unknown, seed ${seed}, температура 0`,
  title: {
    intent: 'intent: какая из меток подходит сообщению',
    validate: 'validate: тот ли это ввод, о котором просили (моделью — там, где не решает сам формат)',
    menu: 'menu: только форма, единственного верного меню нет',
    improve: 'improve: что правка текста делает с подстановками',
    hostile: 'hostile: атаки; обещано сдерживание, успех атаки только показывается',
  },
  resumeNeedsFile: () =>
    new BotllmError('USAGE', '--resume продолжает отчёт, а он не назван', {
      hint: 'botllm eval -o report.json --resume',
    }),
  noEarlier: (file, why) =>
    new BotllmError('USAGE', `${file} — не отчёт eval, который можно продолжить`, {
      detail: why,
      hint: 'botllm eval -o another.json',
    }),
  nothingToResume: (file) => `${file} ещё нет: задаются все вопросы`,
  resuming: (file, answers) =>
    `продолжаем ${file}: там уже ${counted(answers, 'ответ', 'ответа', 'ответов')}`,
  notTheSame: (what, differences) =>
    new BotllmError('USAGE', `${what}: тогдашние и нынешние ответы нельзя сложить в одну строку`, {
      detail: differences
        .map(({ what: name, was, is }) => `${name}: тогда ${was ?? '-'}, сейчас ${is ?? '-'}`)
        .join('; '),
      hint: 'botllm eval -o another.json',
    }),
  wouldLose: (file, answers) =>
    new BotllmError(
      'USAGE',
      `в ${file} есть ${counted(answers, 'ответ', 'ответа', 'ответов')} на вопросы, которые сейчас не задаются`,
      {
        detail: 'задача, --limit и --data должны охватывать то, что охватывали тогда',
        hint: 'botllm eval -o another.json',
      },
    ),
};
