import { counted, figure } from '../russian.js';
import type { chatMessages as English } from './chat-messages.js';

/** `chat-messages.ts` in Russian. */
export const chatMessages: typeof English = {
  hello: (model) => `разговор с ${model}; /help — что ещё можно набрать, Ctrl-D — выход`,
  help: [
    '/prompt          показать сообщения так, как они уходят модели',
    '/system <text>   начать заново с этой инструкцией',
    '/clear           начать заново',
    '/help            эта справка',
    '/exit            выйти (Ctrl-D); Ctrl-C прерывает ответ, а если его нет — выходит',
  ].join('\n'),
  unknown: (word) => `Команды ${word} нет; /help показывает, какие есть`,
  began: 'начато заново',
  stopped: 'прервано',
  empty: 'сообщений пока нет',
  speed: (tokensPerSecond) => `${tokensPerSecond.toFixed(1).replace('.', ',')} ток./с`,
  tokens: (count) => counted(count, 'токен', 'токена', 'токенов'),
  firstPiece: (ms) => `первый через ${figure(Math.round(ms))} мс`,

  guide: {
    engine: 'движок',
    models: 'модели здесь',
    store: 'хранилище',
    next: 'дальше',
    none: 'нет',
    running: (model, endpoint, state) => `${model}, ${endpoint}: ${state}`,
    stopped: 'не запущен',
    start: 'botllm up',
    startAbout: (model, size) => `запускает ${model} (в первый раз скачивается ${size})`,
    startHere: 'запускает её',
    ask: 'botllm try intent "хочу записаться на завтра"',
    askAbout: 'спрашивает её так, как это делает бот',
    chat: 'botllm chat',
    chatAbout: 'разговор с ней',
    watch: 'botllm top',
    watchAbout: 'наблюдение за ней',
    serve: 'botllm serve',
    serveAbout: 'обслуживает ботов на любом языке программирования',
    look: 'botllm doctor',
    lookAbout: 'говорит, чего не хватает на этой машине',
    help: 'botllm --help',
    helpAbout: 'все команды',
  },
};
