import type { EvalReport, EvalRow } from './report.js';

/**
 * The report as JUnit XML: a suite for each model, way and task, a test for each question. A row that ended early is
 * an error of its own, so that nobody takes its answers for all. What answered, and where, are properties of a suite.
 */
export function junitOf(report: EvalReport): string {
  const { answers, startedAt, rows } = report;
  const suites = new Map<string, { model: string; list: (typeof answers)[number][] }>();
  for (const answer of answers) {
    const { model, way, task } = answer;
    const name = `${model} / ${way} / ${task}`;
    const suite = suites.get(name) ?? { model, list: [] };
    suite.list.push(answer);
    suites.set(name, suite);
  }
  const body = [...suites].map(([name, { model, list }]) => {
    const failed = list.filter(({ right }) => !right).length;
    const seconds = secondsOf(list.reduce((sum, { latencyMs }) => sum + latencyMs, 0));
    const head = `<testsuite name="${xml(name)}" tests="${list.length}" failures="${failed}" errors="0" skipped="0" time="${seconds}" timestamp="${startedAt}">`;
    return [
      head,
      ...properties(report, model),
      ...list.map((answer) => testcase(name, answer)),
      '</testsuite>',
    ].join('\n');
  });
  const cut = rows.filter(({ partial }) => partial).map((row) => cutShort(row, startedAt));
  const failed = answers.filter(({ right }) => !right).length;
  const tests = answers.length + cut.length;
  const head = `<testsuites tests="${tests}" failures="${failed}" errors="${cut.length}">`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${head}\n${[...body, ...cut].join('\n')}\n</testsuites>\n`;
}

function properties({ botllm, client, targets }: EvalReport, model: string): string[] {
  const target = targets?.find(({ id }) => id === model);
  const facts = flat({ ...(botllm && { botllm: botllm.version }), ...target, ...(client && { client }) });
  if (facts.length === 0) return [];
  const lines = facts.map(([name, value]) => `<property name="${xml(name)}" value="${xml(value)}"/>`);
  return ['<properties>', ...lines, '</properties>'];
}

/** `hw.device`, `client.cpu`: facts within facts have the names of both. */
function flat(facts: object, prefix = ''): [name: string, value: string][] {
  return Object.entries(facts).flatMap(([name, value]: [string, unknown]) => {
    if (Array.isArray(value)) return value.length === 0 ? [] : [[`${prefix}${name}`, value.join(', ')]];
    if (typeof value === 'object' && value !== null) return flat(value, `${prefix}${name}.`);
    return value === undefined ? [] : [[`${prefix}${name}`, String(value)]];
  });
}

function cutShort({ model, way, tasks, planned, failed }: EvalRow, startedAt: string): string {
  const name = xml(`${model} / ${way}`);
  const asked = tasks.reduce((sum, { n }) => sum + n, 0);
  const { code = 'INTERRUPTED', message = 'interrupted' } = failed ?? {};
  const what = `${message}: ${asked}${planned === undefined ? '' : ` of ${planned}`} questions were answered`;
  return [
    `<testsuite name="${name}" tests="1" failures="0" errors="1" skipped="0" time="0.000" timestamp="${startedAt}">`,
    `<testcase classname="${name}" name="every question was asked" time="0.000"><error type="${xml(code)}" message="${xml(what)}"/></testcase>`,
    '</testsuite>',
  ].join('\n');
}

function testcase(
  suite: string,
  { id, right, expected, got, error, latencyMs }: EvalReport['answers'][number],
): string {
  const open = `<testcase classname="${xml(suite)}" name="${xml(id)}" time="${secondsOf(latencyMs)}"`;
  if (right) return `${open}/>`;
  const wanted = expected === undefined ? '' : `expected ${expected}, `;
  const message = `${wanted}got ${got ?? error ?? 'no usable answer'}`;
  return `${open}><failure message="${xml(message)}"/></testcase>`;
}

function secondsOf(ms: number): string {
  return (ms / 1000).toFixed(3);
}

/** What XML 1.0 cannot hold at all is left out. */
function xml(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;');
}
