import { counted, figure } from '../../russian.js';
import type { messages as English } from './messages.js';

const tokens = (count: number) => counted(Math.round(count), 'токен', 'токена', 'токенов');
const SIDES: Readonly<Record<string, string>> = { before: 'до', after: 'после' };
const sideOf = (side: string) => SIDES[side] ?? side;

/** `messages.ts` in Russian. */
export const messages: typeof English = {
  notReadable: (file) => `${file} не удаётся прочитать`,
  noFile: 'такого файла нет',
  aFolder: 'это каталог',
  notAllowed: 'этому пользователю нельзя его читать',
  noReport: (file) => `${file} — не отчёт botllm bench`,
  noReportHint: 'создайте его: botllm bench -o report.json',
  otherSchema: (file, schema) =>
    `${file} — отчёт другой версии (${schema}), этот botllm сравнить его не может`,
  otherSchemaHint: 'измерьте оба одним и тем же botllm: botllm bench -o report.json',
  brokenReport: (file) => `${file} повреждён или изменён вручную`,
  notComparable: 'Эти отчёты сравнить нельзя',
  notComparableHint: 'измерьте оба на одной машине, с теми же моделями и нагрузкой: botllm bench -o …',
  machine: (what, before, after) => `другая машина: ${what} ${before} → ${after}`,
  noCommonModel: (before, after) => `нет общей модели: ${before} → ${after}`,
  onlyIn: (side, what) => `${what}: есть только в отчёте «${sideOf(side)}»`,
  otherWhat: (id, what, before, after) => `${id}: отличается ${what}: ${before} → ${after}`,
  otherPrompts: (what, before, after) =>
    `${what}: промпты другой длины: ${figure(Math.round(before))} → ${tokens(after)}`,
  otherAnswers: (what, before, after) =>
    `${what}: ответы другой длины: ${figure(Math.round(before))} → ${tokens(after)}`,
  engineNote: (id, before, after) => `${id}: движок ${before} → ${after}`,
  flagNote: (what, side, flag) => `${what}: ${flag} в отчёте «${sideOf(side)}»`,
  errorsNote: (what, before, after) => `${what}: ошибок ${before} → ${after}`,
};
