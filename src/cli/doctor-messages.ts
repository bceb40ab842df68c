import { inLanguage } from '../language.js';

/** What `doctor` and `support-bundle` say to people, beside the findings themselves. */
export const doctorMessages = inLanguage('cli/doctor', {
  counts: { ok: 'well', warn: 'to look at', fail: 'wrong', skip: 'not looked at' },
  declined: 'left as it is',
  nothingToMend: 'There is nothing here that --fix would change',
  needsFirewall: (option: string) => `${option} goes with --firewall`,
  firewallHint: 'botllm doctor --firewall --apply',
  applyOrUndo: '--apply and --undo exclude each other',
  firewallWithFix: '--fix changes no firewall',
  fewPorts: (ports: readonly number[]) => `Rules for port ${ports.join(', ')}; nothing was changed:`,
  runAsRoot: 'as root: botllm doctor --firewall | sudo sh',
  applied: (ports: readonly number[], allow: readonly string[]) =>
    `Port ${ports.join(', ')} of other machines now answers ${allow.join(', ')} alone. The rules last until this machine restarts`,
  noIpv6: 'There is no ip6tables here: nothing was done for IPv6',
  undone: 'The chain BOTLLM is gone, and all that led to it',
  nothingToUndo: 'There was no chain BOTLLM',

  bundleHead: (file: string) => `${file} will hold, without secrets and without what users wrote:`,
  bundleQuestion: (file: string) => `Write ${file}`,
  bundleWritten: (file: string, size: string) => `${file} (${size})`,
  bundleDeclined: 'Nothing was written',
  bundleThere: (file: string) => `${file} is there already`,
  bundleThereHint: 'another name: botllm support-bundle -o FILE',
});
