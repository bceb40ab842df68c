import type { doctorMessages as English } from './doctor-messages.js';

/** `doctor-messages.ts` in Russian. */
export const doctorMessages: typeof English = {
  counts: { ok: 'в порядке', warn: 'стоит посмотреть', fail: 'неисправно', skip: 'не проверялось' },
  declined: 'оставлено как есть',
  nothingToMend: 'Здесь нет ничего, что изменил бы --fix',
  needsFirewall: (option) => `${option} указывают вместе с --firewall`,
  firewallHint: 'botllm doctor --firewall --apply',
  applyOrUndo: '--apply и --undo исключают друг друга',
  firewallWithFix: '--fix не меняет межсетевой экран',
  fewPorts: (ports) => `Правила для порта ${ports.join(', ')}; ничего не изменено:`,
  runAsRoot: 'от имени root: botllm doctor --firewall | sudo sh',
  applied: (ports, allow) =>
    `Порт ${ports.join(', ')} для других машин теперь отвечает только ${allow.join(', ')}. Правила действуют до перезагрузки этой машины`,
  noIpv6: 'ip6tables здесь нет: для IPv6 ничего не сделано',
  undone: 'Цепочка BOTLLM и все переходы в неё удалены',
  nothingToUndo: 'Цепочки BOTLLM и не было',

  bundleHead: (file) => `В ${file} войдёт (без секретов и без того, что писали пользователи):`,
  bundleQuestion: (file) => `Будет записан ${file}`,
  bundleWritten: (file, size) => `${file} (${size})`,
  bundleDeclined: 'Ничего не записано',
  bundleThere: (file) => `${file} уже есть`,
  bundleThereHint: 'возьмите другое имя: botllm support-bundle -o FILE',
};
