import { counted, figure } from '../russian.js';
import type { MESSAGES as English } from './messages.js';

/** `messages.ts` in Russian. */
export const MESSAGES: typeof English = {
  badLine: (file, line, why) => `${file}, строка ${line}: ${why}`,
  noSet: (file) => `набора для проверки качества нет на месте: ${file}`,
  reinstall: 'npm install botllm',
  tooLarge: (size, most) =>
    `в нём ${counted(size, 'байт', 'байта', 'байт')}, а читается не больше ${figure(most)}`,
  noFiles: (name) => `в нём нет файла с именем вида ${name}`,
  unreadable: (file) => `не удаётся прочитать набор ${file}`,
  dataHint: 'botllm eval --help',
  line: (line, why) => `строка ${line}: ${why.split('\n').join(' ').slice(0, 200)}`,
  csvHead: (head) => `первая строка должна быть ${head}`,
  fewLabels: 'в нём меньше двух меток, у которых есть хотя бы два сообщения',
  nobody: (model) => `${model} не отвечает`,
  gone: (model) => `${model} больше не отвечает`,
  refuses: (model, refusals) => `${model} отклоняет вопросы подряд: ${figure(refusals)}`,
  goneAfter: (code, answered, planned) =>
    `${code}; получено ответов: ${figure(answered)} из ${figure(planned)}`,
  nobodyHint: 'botllm health',
  refusesHint: 'botllm logs',
  strangeLabel: (label) => `${label} нет среди меток`,
};
