import type { DiagnosisLine, Verdict } from '../doctor/check.js';
import { diagnose } from '../doctor/diagnose.js';
import { type Patient, patientOf } from '../doctor/patient.js';
import { clientFor } from './client.js';
import type { Context } from './context.js';
import { toolsOf } from './docker.js';
import { doctorMessages } from './doctor-messages.js';
import { observe } from './observe.js';
import { printable, type Style } from './style.js';

const COLOURS = { ok: 'green', warn: 'yellow', fail: 'red', skip: 'dim' } as const;
const ORDER = ['ok', 'warn', 'fail', 'skip'] as const satisfies readonly Verdict[];

/** All that a diagnosis looks at, as the commands of this call would. */
export function patientFor(ctx: Context): Patient {
  const { settings, configuration, layout, env, folders, signal } = ctx;
  return patientOf({
    ...{ settings, configuration, layout, env, signal },
    run: toolsOf(ctx),
    cwd: folders.cwd,
    look: (detail) => observe(ctx, detail),
    clientOf: (engine) => clientFor(ctx, engine),
  });
}

/** Everything, looked at anew. */
export function diagnosisOf(ctx: Context): Promise<DiagnosisLine[]> {
  return diagnose(patientFor(ctx));
}

export function tally(lines: readonly DiagnosisLine[]): Record<Verdict, number> {
  const count = (verdict: Verdict) => lines.filter((line) => line.verdict === verdict).length;
  return { ok: count('ok'), warn: count('warn'), fail: count('fail'), skip: count('skip') };
}

/** What is printed as JSON: a mend is a function, and stays here. */
export function asData(lines: readonly DiagnosisLine[]) {
  return lines.map(({ mend, ...line }) => ({ ...line, fixable: mend !== undefined }));
}

export function diagnosisText(lines: readonly DiagnosisLine[], style: Style): string {
  const width = Math.max(0, ...lines.map(({ id }) => id.length));
  const rows = lines.map(({ id, verdict, evidence, fix }) => {
    const mark = style.paint(COLOURS[verdict], style.mark[verdict].padEnd(style.mark.ok.length));
    const said = `${mark} ${id.padEnd(width)}  ${printable(evidence)}`;
    const told = verdict === 'skip' ? style.paint('dim', said) : said;
    return fix === undefined
      ? told
      : `${told}\n${' '.repeat(style.mark.ok.length + width + 3)}${printable(fix)}`;
  });
  const counts = tally(lines);
  const sum = ORDER.filter((verdict) => counts[verdict] > 0).map(
    (verdict) => `${counts[verdict]} ${doctorMessages.counts[verdict]}`,
  );
  return [...rows, '', sum.join(', ')].join('\n');
}
