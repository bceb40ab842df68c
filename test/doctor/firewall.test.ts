import { expect, test } from 'vitest';
import { applyFirewall, type undoFirewall } from '../../src/doctor/firewall/change.js';
import { readRules } from '../../src/doctor/firewall/read.js';
import { machine, recorded } from '../engines/compose/recorded.js';

const PLAN = { ports: [11_434], allow: ['10.0.0.0/8'] };

test('the guide’s rule is told from ours, and a port that goes through our chain is known', () => {
  const rules = `-P INPUT ACCEPT
-N BOTLLM
-N DOCKER-USER
-A INPUT -p tcp -m tcp --dport 11434 -j BOTLLM
-A INPUT -p tcp -m tcp --dport 6379 -j DROP
-A BOTLLM -j DROP
-A DOCKER-USER -p tcp -m conntrack --ctstate DNAT --ctorigdstport 11434 --ctdir ORIGINAL -j BOTLLM
-A DOCKER-USER -j RETURN`;
  expect(readRules(rules)).toEqual({ inputPorts: [6379], guardedPorts: [11_434], hasDockerChain: true });
});

test('without iptables, without root and without DOCKER-USER nothing is changed, and the way on is told', async () => {
  const denied = recorded('', {
    exitCode: 4,
    stderr: 'iptables v1.8.9: Permission denied (you must be root)',
  });
  const asked: string[] = [];
  const on = (answers: Parameters<typeof machine>[0]) => {
    const run = machine(answers);
    return (...call: Parameters<typeof run>) => {
      asked.push([call[0], ...call[1]].join(' '));
      return run(...call);
    };
  };
  const refused = (run: Parameters<typeof undoFirewall>[0]) =>
    applyFirewall(run, PLAN, true).catch((error) => error);
  expect(await refused(on({}))).toMatchObject({
    code: 'MISSING_PREREQUISITE',
    message: expect.stringContaining('no iptables'),
  });
  expect(await refused(on({ iptables: denied }))).toMatchObject({
    code: 'MISSING_PREREQUISITE',
    hint: expect.stringContaining('sudo'),
    detail: expect.stringContaining('must be root'),
  });
  const nftables = recorded('-P INPUT ACCEPT\n-P FORWARD ACCEPT\n-P OUTPUT ACCEPT');
  expect(await refused(on({ 'iptables -w 5 -S': nftables }))).toMatchObject({
    code: 'MISSING_PREREQUISITE',
    hint: expect.stringContaining('nftables'),
  });
  expect(asked.every((line) => line.endsWith('-w 5 -S'))).toBe(true);
});
