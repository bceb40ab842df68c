import { BotllmError } from '../../errors.js';
import { confirm } from '../confirm.js';
import type { Context } from '../context.js';
import type { CommandSpec } from '../define.js';
import { asData, diagnosisOf, diagnosisText, tally } from '../diagnosis.js';
import { doctorMessages } from '../doctor-messages.js';
import { EXIT } from '../exit-codes.js';
import { type FirewallOptions, firewallCommand } from '../firewall.js';
import { parse } from '../parse.js';

interface DoctorOptions extends FirewallOptions {
  fix?: true;
  yes?: true;
  firewall?: true;
}

export const doctor: CommandSpec = {
  path: 'doctor',
  summary:
    'look at the machine, Docker, the model, the engine and its guards; say what is wrong, and what mends it',
  options: [
    { flags: '--fix', description: 'offer to mend what can be mended without loss' },
    { flags: '-y, --yes', description: 'with --fix: do not ask' },
    {
      flags: '--firewall',
      description: 'print the rules that close the ports to strangers, and change nothing',
    },
    {
      flags: '--allow <network>',
      description: 'with --firewall: who may still come in (10.0.0.0/8); several with commas',
      parse: parse.networks,
    },
    { flags: '--apply', description: 'with --firewall: put the rules in place (root)' },
    { flags: '--undo', description: 'with --firewall: take them away again (root)' },
  ],
  toleratesBadConfig: true,
  examples: [
    'botllm doctor',
    'botllm doctor --json',
    'botllm doctor --firewall --allow 10.0.0.0/8,fd00::/8',
    'botllm doctor --firewall --apply',
  ],
  handler: async (ctx, { options }) => {
    const { fix, yes, firewall, ...rules } = options as DoctorOptions;
    if (firewall) {
      if (fix) throw usage(doctorMessages.firewallWithFix);
      return firewallCommand(ctx, rules);
    }
    for (const name of ['allow', 'apply', 'undo'] as const)
      if (rules[name] !== undefined) throw usage(doctorMessages.needsFirewall(`--${name}`));
    let lines = await diagnosisOf(ctx);
    const mended = fix ? await mend(ctx, lines, yes === true) : [];
    if (mended.length > 0) lines = await diagnosisOf(ctx);
    const counts = tally(lines);
    return {
      schema: 'doctor',
      data: {
        verdict: counts.fail > 0 ? 'fail' : counts.warn > 0 ? 'warn' : 'ok',
        counts,
        checks: asData(lines),
        mended,
      },
      text: (style) => diagnosisText(lines, style),
      exitCode: counts.fail > 0 ? EXIT.gateFailed : EXIT.ok,
    };
  },
};

/** @returns ids of what was mended */
async function mend(
  ctx: Context,
  lines: Awaited<ReturnType<typeof diagnosisOf>>,
  isSure: boolean,
): Promise<string[]> {
  const done: string[] = [];
  const able = lines.filter((line) => line.mend !== undefined);
  if (able.length === 0) ctx.out.note(doctorMessages.nothingToMend);
  for (const { id, mend: way } of able) {
    if (way === undefined) continue;
    const sure = isSure || (await confirm(ctx, way.what, 'botllm doctor --fix --yes'));
    if (!sure) {
      ctx.out.note(`${id}: ${doctorMessages.declined}`);
      continue;
    }
    await way.apply();
    ctx.out.note(`${id}: ${way.what}`);
    done.push(id);
  }
  return done;
}

function usage(message: string): BotllmError {
  return new BotllmError('USAGE', message, { hint: doctorMessages.firewallHint });
}
