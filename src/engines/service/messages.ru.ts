import type { Words } from '../../language.js';
import { counted } from '../../russian.js';
import type { serviceMessages as english } from './messages.js';

export const serviceMessages: Words<typeof english> = {
  unwritable: 'В пути или в переменной есть управляющий символ, такого не может быть ни в каком юните',
  noSystemd: 'systemd этого пользователя не отвечает',
  noSystemctl: 'нет systemctl',
  noLaunchd: 'launchd этого пользователя не отвечает',
  noManager: (platform) => `На ${platform} botllm не знает менеджера служб`,
  noManagerHint: 'botllm up --service --dry-run покажет юнит; botllm up запустит движок без службы',
  refused: (command) => `Не удалось: ${command}`,
  refusedHint: 'systemctl --user status botllm; botllm up запустит движок без службы',
  notOurs: (file) => `${file} уже есть, и он не от этого домашнего каталога`,
  notOursHint: 'удалите его или возьмите каталог, который в нём назван: BOTLLM_HOME=… botllm down --service',
  ended: (code) =>
    `Служба завершилась раньше, чем движок был готов${code === undefined ? '' : ` (код ${code})`}`,
  endedHint: 'botllm logs',

  notInstalled: 'службы нет; её установит botllm up --service',
  runs: (name, restarts) =>
    `${name} работает${restarts > 0 ? `; перезапущена ${counted(restarts, 'раз', 'раза', 'раз')}` : ''}`,
  endsWithSession: (name) => `${name} работает, но завершится с последней сессией этого пользователя`,
  isStopped: (name) => `${name} установлена и остановлена`,
  fails: (name, why) => `${name} не запускается${why === undefined ? '' : `: ${why}`}`,
};
