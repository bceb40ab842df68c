import { Box, render, Text, useApp, useInput, useStdout } from 'ink';
import { createElement as h, useEffect, useReducer, useRef, useState } from 'react';
import type { Collector } from './collector.js';
import { frame, pageOf } from './frame.js';
import type { Look } from './look.js';
import { tuiMessages } from './messages.js';
import type { CacheChoice } from './screens/cache.js';
import { initialState, press, type TopState } from './state.js';
import { headOf } from './views.js';

export interface TopOptions {
  collector: Collector;
  look: Look;
  readOnly: boolean;
  intervalMs: number;
  /** Removes what was chosen. @returns what is to be said of it */
  remove: (choice: CacheChoice) => Promise<string>;
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
  signal: AbortSignal;
}

/** Draws until somebody leaves or the signal comes. The terminal is the caller's to prepare and to restore. */
export async function runTop(options: TopOptions): Promise<void> {
  const { stdin, stdout, signal } = options;
  const app = render(h(Top, options), { stdin, stdout, exitOnCtrlC: false, patchConsole: false, maxFps: 10 });
  const stop = () => app.unmount();
  signal.addEventListener('abort', stop, { once: true });
  try {
    await app.waitUntilExit();
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function Top({ collector, look, readOnly, intervalMs, remove }: TopOptions) {
  const { exit } = useApp();
  const { stdout } = useStdout();
  const [state, setState] = useState(() => initialState(intervalMs));
  const [, redraw] = useReducer((n: number) => n + 1, 0);
  const model = useRef(collector.current());
  const size = { columns: stdout.columns, rows: stdout.rows };

  useEffect(() => {
    stdout.on('resize', redraw);
    return () => void stdout.off('resize', redraw);
  }, [stdout]);

  useEffect(() => {
    const tick = () => {
      void collector.tick().then(first);
      if (state.paused) return;
      model.current = collector.current();
      redraw();
    };
    // What was just asked for the first time is shown as soon as it is there.
    let shown = false;
    const first = () => {
      if (shown) return;
      shown = true;
      model.current = collector.current();
      redraw();
    };
    const timer = setInterval(tick, state.intervalMs);
    if (!state.paused) tick();
    return () => clearInterval(timer);
  }, [collector, state.intervalMs, state.paused]);

  const say = (message: string) => setState((now: TopState) => ({ ...now, message }));
  const carryOut = (choice: CacheChoice) =>
    remove(choice).then(
      (said) => {
        collector.hurry('store');
        say(said);
      },
      (error: unknown) => say(tuiMessages.failed(error instanceof Error ? error.message : String(error))),
    );
  useInput((input, key) => {
    let now = state;
    for (const pressed of keysOf(input, key)) {
      const page = pageOf(size, headOf(model.current, now, look));
      const next = press(now, pressed, { model: model.current, readOnly, page });
      now = next.state;
      if (next.effect === 'quit') exit();
      else if (next.effect) void carryOut(next.effect.remove);
    }
    setState(now);
  });

  const lines = frame(model.current, state, size, look, readOnly);
  return h(
    Box,
    { flexDirection: 'column', height: Math.max(1, size.rows - 1), width: size.columns },
    // An empty Text has no height.
    lines.map((line, i) => h(Text, { key: i, wrap: look.ascii ? 'truncate' : 'truncate-end' }, line || ' ')),
  );
}

type InkKey = Parameters<Parameters<typeof useInput>[0]>[1];

const NAMED = [
  'upArrow',
  'downArrow',
  'pageUp',
  'pageDown',
  'return',
  'escape',
  'tab',
  'backspace',
  'delete',
] as const satisfies readonly (keyof InkKey)[];
const OF_CHAR: Readonly<Record<string, string>> = { '\r': 'return', '\t': 'tab', '\u007f': 'backspace' };

/** What was pressed; somebody who types fast, or pastes, presses several at once. */
function keysOf(input: string, key: InkKey): { name: string; text: string }[] {
  const name = key.ctrl ? `ctrl+${input}` : NAMED.find((one) => key[one]);
  if (name !== undefined) return [{ name, text: input }];
  return [...input].map((char) => ({ name: OF_CHAR[char] ?? char, text: char }));
}
