import { describe, expect, test } from 'vitest';
import { EXIT, exitCodeOf } from '../../src/cli/exit-codes.js';
import { prettyLogLine } from '../../src/cli/log-line.js';
import { createOutput, type OutputOptions } from '../../src/cli/output.js';
import { createProgress } from '../../src/cli/progress.js';
import { createStyle, printable, wantsColor } from '../../src/cli/style.js';
import { BotllmError, ERROR_CODES } from '../../src/errors.js';

function capture(options: Partial<OutputOptions> = {}) {
  const written = { out: '', err: '' };
  const stream = (key: 'out' | 'err') => ({
    write: (text: string) => {
      written[key] += text;
    },
    isTTY: false,
  });
  const out = createOutput({
    stdout: stream('out'),
    stderr: stream('err'),
    env: {},
    json: false,
    quiet: false,
    verbose: false,
    noColor: false,
    ascii: false,
    ...options,
  });
  return { out, written };
}

describe('output', () => {
  test('an error is three lines: what, why, and what to try', () => {
    const { out, written } = capture();
    const code = out.failure(
      new BotllmError('PORT_TAKEN', 'Port 1 is taken', { detail: 'by x', hint: 'botllm up --port 2' }),
    );
    expect(written).toEqual({ out: '', err: 'Error: Port 1 is taken\n  by x\n  Try: botllm up --port 2\n' });
    expect(code).toBe(5);
  });

  test('with --json an error is the last object of stdout as well', () => {
    const { out, written } = capture({ json: true });
    out.failure(new BotllmError('ENGINE_NOT_RUNNING', 'No engine', { hint: 'botllm up' }));
    expect(JSON.parse(written.out)).toEqual({
      schema: 'botllm.error/1',
      error: { code: 'ENGINE_NOT_RUNNING', exitCode: 3, message: 'No engine', hint: 'botllm up' },
    });
  });

  test('a mistake of our own says so and keeps its trace for --verbose', () => {
    const quiet = capture();
    quiet.out.failure(new TypeError('x is undefined'));
    expect(quiet.written.err).toContain('x is undefined');
    expect(quiet.written.err).not.toContain('    at ');
    const loud = capture({ verbose: true });
    loud.out.failure(new TypeError('x is undefined'));
    expect(loud.written.err).toContain('    at ');
  });

  test('--quiet silences news, never errors', () => {
    const { out, written } = capture({ quiet: true });
    out.note('news');
    out.failure(new BotllmError('USAGE', 'wrong'));
    expect(written.err).not.toContain('news');
    expect(written.err).toContain('wrong');
  });

  test('JSON steers no terminal and breaks no line, and says the same', () => {
    const { out, written } = capture({ json: true });
    const text = 'a\u001b[2J\u009b31m\u202eb\u2028c';
    out.event({ text });
    out.result({ schema: 'x', data: { text } });
    out.failure(new BotllmError('USAGE', text));
    expect(written.out).not.toMatch(/[\u001b\u007f-\u009f\u202e\u2028]/);
    const [event, result, failure] = written.out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect([event.text, result.data.text, failure.error.message]).toEqual([text, text, text]);
  });

  test('escape sequences of a model or a log never reach the terminal', () => {
    expect(printable('a\u001b[31mb\u001b]0;title\u0007c\u0000\u009bd\u202ee\u061c\nf')).toBe('abcde\nf');
    expect(prettyLogLine('{"time":"2026-01-01T00:00:00.5Z","level":"info","msg":"x\\u001b[2Jy","n":1}')).toBe(
      '2026-01-01 00:00:00 info xy n=1',
    );
    expect(prettyLogLine('GGML_ASSERT\u001b[1m failed')).toBe('GGML_ASSERT failed');
  });
});

describe('colour', () => {
  const ask = (isTTY: boolean, env: Record<string, string> = {}, noColorFlag = false) =>
    wantsColor({ isTTY, env, noColorFlag });
  test('is for terminals, and obeys NO_COLOR, FORCE_COLOR, TERM=dumb and --no-color', () => {
    expect(ask(true)).toBe(true);
    expect(ask(false)).toBe(false);
    expect(ask(true, { NO_COLOR: '1' })).toBe(false);
    expect(ask(true, { TERM: 'dumb' })).toBe(false);
    expect(ask(true, {}, true)).toBe(false);
    expect(ask(false, { FORCE_COLOR: '1' })).toBe(true);
    expect(ask(true, { FORCE_COLOR: '0' })).toBe(false);
  });
});

describe('exit codes', () => {
  test('are one of the documented ones for every error code', () => {
    const documented = new Set<number>(Object.values(EXIT));
    expect(ERROR_CODES.filter((code) => !documented.has(exitCodeOf(code)) || exitCodeOf(code) === 0)).toEqual(
      [],
    );
  });

  test('stay what scripts rely on', () => {
    expect(Object.fromEntries(ERROR_CODES.map((code) => [code, exitCodeOf(code)]))).toMatchSnapshot();
  });
});

describe('progress', () => {
  const draw = (isTTY: boolean, columns = 60, tickMs = 60) => {
    let text = '';
    let clock = 0;
    const stream = {
      write: (part: string) => {
        text += part;
      },
      isTTY,
      columns,
    };
    const progress = createProgress({
      stream,
      style: createStyle({ color: false, ascii: false }),
      silent: false,
      now: () => {
        clock += tickMs;
        return clock;
      },
    });
    return { progress, text: () => text };
  };

  test('off a terminal is a line at every 10 %, without control characters', () => {
    const { progress, text } = draw(false);
    for (let bytes = 0; bytes <= 1000; bytes += 5) progress.bytes('downloading', bytes, 1000);
    progress.done();
    expect(text().trimEnd().split('\n')).toHaveLength(11);
    expect(text()).not.toMatch(/[\r\u001b]/);
  });

  test('off a terminal says once what is over in a moment', () => {
    const { progress, text } = draw(false, 60, 1);
    for (let bytes = 0; bytes <= 1000; bytes += 5) progress.bytes('verifying', bytes, 1000);
    expect(text().trimEnd().split('\n')).toHaveLength(1);
  });

  test('on a terminal rewrites one line that never wraps, and leaves it clean', () => {
    const { progress, text } = draw(true, 30);
    for (let bytes = 0; bytes <= 1000; bytes += 5)
      progress.bytes('загрузка модели с очень длинным именем', bytes, 1000);
    progress.done();
    expect(text()).not.toContain('\n');
    for (const line of text().split('\r\u001b[K')) expect([...line].length).toBeLessThan(30);
    expect(text().endsWith('\r\u001b[K')).toBe(true);
  });

  test('is shown where a terminal does not know its width, which it tells as 0', () => {
    const { progress, text } = draw(true, 0);
    progress.step('loading');
    expect(text()).toContain('loading');
  });
});
