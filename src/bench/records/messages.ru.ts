import type { messages as English } from './messages.js';

/** `messages.ts` in Russian. */
export const messages: typeof English = {
  detailNeedsJson: (file) => `Отдельные запросы хранятся рядом с отчётом в JSON, а ${file} — не такой`,
  detailNeedsJsonHint: 'botllm bench --save-detailed -o report.json или -o папка/',
  noRequests: (file) => `${file} не называет файла с запросами`,
  noRequestsHint: 'их сохраняет botllm bench -o папка/ или --save-detailed',
  notReadable: (file) => `Не удаётся прочитать запросы из ${file}`,
  brokenLine: (file, line) => `Строка ${line} в ${file} — не запрос из отчёта`,
  otherReport: (file, found, wanted) => `Запросы в ${file} — из отчёта ${found}, а не ${wanted}`,
};
