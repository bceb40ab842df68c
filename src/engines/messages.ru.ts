import { counted, figure } from '../russian.js';
import type { MemorySum } from './memory-plan.js';
import type { messages as English } from './messages.js';

/** Sizes as an operator reads them: MB of 10^6 bytes below 1 GB, else GB with two decimals. */
const size = (bytes: number) =>
  bytes < 1e9 ? `${Math.round(bytes / 1e6)} МБ` : `${(bytes / 1e9).toFixed(2).replace('.', ',')} ГБ`;

function sum(parts: MemorySum): string {
  const { weights, kv, buffers, process, total, tokens, slots, available, asked } = parts;
  // An estimate has it among the buffers.
  const rest = process > 0 ? ` + процесс ${size(process)}` : '';
  return (
    `веса ${size(weights)} + KV-кэш ${size(kv)} (${counted(tokens, 'токен', 'токена', 'токенов')} × ` +
    `${counted(slots, 'слот', 'слота', 'слотов')}) + буферы ${size(buffers)}${rest} = ${size(total)}, ` +
    `${asked ? '--memory разрешает' : 'доступно'} ${size(available)}`
  );
}

/** `messages.ts` in Russian. */
export const messages: typeof English = {
  switchUnderWay: 'В этом домашнем каталоге уже идёт другое переключение',
  switchUnderWayHint: 'дождитесь его или прервите через Ctrl-C; botllm status',
  changedMeanwhile: 'Тем временем другая команда остановила или сменила движок',
  portNotTaken: (port) => `Новый движок не смог занять порт ${port}`,
  lockedTooLong: 'Другой botllm запускает или останавливает этот движок и никак не закончит',
  portTaken: (port) => `Порт ${port} занят`,
  portTakenBy: (owner) => `Там отвечает: ${owner}`,
  portTakenHint: (port) => `botllm up --port ${port + 1} или остановите другую программу`,
  otherSettings: 'Движок уже работает с другими настройками',
  otherSettingsDetail: (differences) => differences.join('; '),
  otherSettingsHint: 'botllm down && botllm up …',
  engineDied: (code) => `Движок остановился, не успев стать готовым (${code})`,
  whileLoading: 'во время загрузки',
  engineDiedHint: 'botllm logs',
  engineStalled: (seconds) => `При загрузке движок ${figure(seconds)} с не продвигается`,
  notReadyInTime: (seconds) => `За ${figure(Math.round(seconds))} с движок не стал готовым`,
  notReadyHint: 'botllm status, botllm logs',
  notRunning: 'Ни один движок не запущен',
  notRunningHint: 'botllm up',
  noProc: 'Расход процесса читается из /proc, а в этой системе его нет',
  noProcHint: (pid) => `ps -o %cpu,rss -p ${pid}`,
  noNpm: 'Модуль llama.cpp не установлен, и npm, чтобы его установить, не найден',
  noNpmHint: 'установите npm или выполните `npm install node-llama-cpp` рядом с botllm',
  noPlatform: (platform) => `У llama.cpp нет готовой сборки для ${platform}`,
  noPlatformHint: 'используйте другой движок: LLM_BASE_URL=http://… botllm try …',
  bindingFailed: 'Не удалось установить модуль llama.cpp',
  bindingHint: 'проверьте сеть и настройки реестра npm, затем: botllm up',
  noServer: 'llama-server не найден',
  noServerHint:
    'положите llama-server в PATH или укажите его: LLAMA_SERVER_BIN=/path/to/llama-server botllm up',
  serverNotThere: (binary) => `LLAMA_SERVER_BIN — "${binary}", а это не исполняемый файл`,
  serverNotThereHint: 'LLAMA_SERVER_BIN=/path/to/llama-server или не задавайте её',
  serverDoesNotRun: (binary) => `${binary} на этой машине не запускается`,
  serverDoesNotRunHint: 'botllm up --engine embedded',
  nativeCannot: (option) => `У llama-server нет ${option}`,
  nativeCannotHint: (option) => `botllm up --engine embedded ${option} …`,
  notEnoughMemory: 'Модель не помещается в память',
  memorySum: sum,
  memoryHint: 'возьмите модель поменьше (--model) или контекст поменьше (--context)',
  memoryAskedHint:
    'разрешите больше (--memory), возьмите модель поменьше (--model) или контекст поменьше (--context)',
  serverNoMemory: 'Для модели не хватает памяти',
  serverNoMemoryHint: 'botllm up с меньшими --context или --slots либо с меньшей --model',
  serverRefusedModel: 'llama-server не может загрузить эту модель',
  noFirstToken: 'Движок загрузил модель, но не смог выдать ни одного токена',
  noSuchQuant: (quant) => `У llama.cpp нет квантования ${quant}`,
  quantHint: 'QUANTIZE=int4, int8 или имя из GGUF, например Q4_K_M; для gptq и awq нужен другой движок',
  downStubborn: 'Движок не останавливается',
};
