import { figure, form } from '../russian.js';
import type { improveMessages as English } from './improve-messages.js';

/** `improve-messages.ts` in Russian. */
export const improveMessages: typeof English = {
  step: (done, all) => `улучшение сообщений: ${figure(done)} из ${figure(all)}`,
  stays: (path, why) => `${path} остаётся как есть: ${why}`,
  nothing: 'В файле нет ни одного action.reply_template.v1',
  nothingHint: "нужен объект с типом 'action.reply_template.v1' и params.text",
  summary: (improved, same, kept, refused) =>
    [
      `улучшено ${improved}`,
      ...(same > 0 ? [`уже хороши ${same}`] : []),
      ...(kept > 0 ? [`оставлено как есть ${kept}`] : []),
      ...(refused > 0 ? [`не спрашивали о ${refused} с llm_improve: false`] : []),
    ].join(', '),
  written: (file) => `записано в ${file}`,
  writeNext: (command) => `${command} запишет ровно это`,
  resumed: (count) =>
    `${form(count, 'взят', 'взято', 'взято')} ${figure(count)} ${form(count, 'ответ', 'ответа', 'ответов')} прошлого запуска`,
  resume: 'та же команда продолжит с этого места',
  noFile: (file) => `${file} не удаётся прочитать`,
  notWritten: (file) => `${file} не удаётся записать`,
  changed: (file) => `${file} изменился, пока улучшались его сообщения`,
  changedHint: 'повторите команду; ответы сохранены',
  notUtf8: (file) => `${file} — не текст UTF-8`,
};
