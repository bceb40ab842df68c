import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { collect } from '../../doctor/bundle/collect.js';
import { redactor } from '../../doctor/bundle/redact.js';
import { diagnose } from '../../doctor/diagnose.js';
import { BotllmError } from '../../errors.js';
import { prettySize } from '../../size.js';
import { parseRedisUrl } from '../../stores/redis/address.js';
import { canAsk, confirm } from '../confirm.js';
import type { Context } from '../context.js';
import type { CommandSpec } from '../define.js';
import { patientFor } from '../diagnosis.js';
import { doctorMessages } from '../doctor-messages.js';
import { parse } from '../parse.js';

export const supportBundle: CommandSpec = {
  path: 'support-bundle',
  summary:
    'one archive for whoever helps: diagnosis, settings, versions, ends of logs; no secrets, no texts of users',
  options: [
    {
      flags: '-o, --output <file>',
      description: 'its name (botllm-support-<time>.tar.gz)',
      parse: parse.name,
    },
    { flags: '-y, --yes', description: 'do not ask' },
  ],
  toleratesBadConfig: true,
  examples: ['botllm support-bundle', 'botllm support-bundle -o trouble.tar.gz --yes'],
  forOthers: () => true,
  handler: async (ctx, { options }) => {
    const { output, yes } = options as { output?: string; yes?: true };
    const stamp = new Date().toISOString().slice(0, 19).replace(/[:T]/g, '-');
    const name = `botllm-support-${stamp}`;
    const file = path.resolve(ctx.folders.cwd, output ?? `${name}.tar.gz`);
    const patient = patientFor(ctx);
    const files = await collect(patient, ctx.version, await diagnose(patient), redactorFor(ctx));
    ctx.out.note(doctorMessages.bundleHead(file));
    const listed = files.map((one) => ({ name: one.name, bytes: Buffer.byteLength(one.text) }));
    for (const { name, bytes } of listed) ctx.out.note(`  ${name}  ${prettySize(bytes)}`);
    if (
      !yes &&
      canAsk(ctx) &&
      !(await confirm(ctx, doctorMessages.bundleQuestion(file), 'botllm support-bundle --yes'))
    ) {
      return {
        schema: 'support-bundle',
        data: { file: null, files: listed },
        text: () => doctorMessages.bundleDeclined,
      };
    }
    const { pack } = await import('../../doctor/bundle/pack.js');
    const archive = await pack(files, name);
    await write(file, archive);
    return {
      schema: 'support-bundle',
      data: { file, bytes: archive.length, files: listed },
      text: () => doctorMessages.bundleWritten(file, prettySize(archive.length)),
    };
  },
};

function redactorFor({ env, childEnv, settings, folders, configuration }: Context) {
  const { apiKey, hfToken, redisUrl } = settings;
  const given = [...configuration.given.values()].map(({ text }) => text);
  const passwords = [redisUrl, ...given.filter((text) => /^rediss?:/.test(text))].map(passwordOf);
  return redactor({ ...env, ...childEnv }, [apiKey, hfToken, ...passwords], folders.home);
}

/** Of an address that is wrong nothing is shown, and so there is nothing to hide. */
function passwordOf(url: string | undefined): string | undefined {
  if (url === undefined || url === 'none') return undefined;
  try {
    return parseRedisUrl(url).password;
  } catch {
    return undefined;
  }
}

/** @throws BotllmError `USAGE` rather than write over a file that is there; `MISSING_PREREQUISITE` */
async function write(file: string, archive: Buffer): Promise<void> {
  try {
    await writeFile(file, archive, { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'EEXIST')
      throw new BotllmError('USAGE', doctorMessages.bundleThere(file), {
        hint: doctorMessages.bundleThereHint,
        cause,
      });
    throw new BotllmError('MISSING_PREREQUISITE', message, { hint: doctorMessages.bundleThereHint, cause });
  }
}
