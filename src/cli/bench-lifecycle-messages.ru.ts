import type { lifecycleMessages as English } from './bench-lifecycle-messages.js';

/** `bench-lifecycle-messages.ts` in Russian. */
export const lifecycleMessages: typeof English = {
  starting: (model, { at, of }) => `запускается ${model} (${at} из ${of})`,
  runsBeside:
    'Работающий движок остаётся рядом с измеряемым; --stop-running останавливает его на время измерений.',
  stopping: (model) => `Работающий движок (${model}) останавливается до конца измерений`,
  bringingBack: (model) => `Снова запускается движок, который работал до этого (${model})`,
  notBroughtBack: (model) => `Не удалось снова запустить движок, который работал до этого (${model})`,
  recovered: (stoppedOwn) =>
    `Прошлый bench завершился раньше времени; ${stoppedOwn ? 'его движок остановлен' : 'движка после него не осталось'}.`,
  leftOut: (why, sum) => `Пропущено: ${why} (${sum})`,
  containerHasNo: '--context и --slots — настройки процессов; контейнер берёт то, что берёт его семейство',
  familyNeeds: '--family относится к контейнерам',
  containedHint: 'botllm bench --models gemma-2b --engine compose --family llamacpp',
};
