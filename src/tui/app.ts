import { Box, render, Text, useApp, useInput, useStdout } from 'ink';
import { createElement as h, memo, useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import { Watch, type WatchOptions } from './watch.js';

export interface TopOptions extends Omit<WatchOptions, 'size'> {
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
  signal: AbortSignal;
}

/** A terminal moves lines about when its size changes; the frame after that begins on an empty screen. */
const WIPE = '\u001b[2J\u001b[H';
/** Longer than Ink holds a frame back. */
const SETTLED_MS = 150;

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

function Top(options: TopOptions) {
  const { stdout, look } = options;
  const { exit } = useApp();
  const [watch] = useState(
    () => new Watch({ ...options, size: () => ({ columns: stdout.columns, rows: stdout.rows }) }, exit),
  );
  const lines = useSyncExternalStore(watch.follow, watch.current);

  const { write } = useStdout();
  useEffect(() => {
    let timer: NodeJS.Timeout | undefined;
    const onResize = () => {
      watch.resized();
      clearTimeout(timer);
      timer = setTimeout(() => write(WIPE), SETTLED_MS);
    };
    stdout.on('resize', onResize);
    return () => {
      clearTimeout(timer);
      stdout.off('resize', onResize);
    };
  }, [stdout, watch, write]);

  // The same function always: Ink leaves and takes the keyboard at another.
  const onInput = useCallback(
    (input: string, key: InkKey) => {
      for (const pressed of keysOf(input, key)) watch.press(pressed);
    },
    [watch],
  );
  useInput(onInput);

  return h(
    Box,
    { flexDirection: 'column', height: Math.max(1, stdout.rows - 1), width: stdout.columns },
    // An empty Text has no height.
    lines.map((line, i) => h(Line, { key: i, ascii: look.ascii }, line || ' ')),
  );
}

const Line = memo(({ children, ascii }: { children?: string; ascii: boolean }) =>
  h(Text, { wrap: ascii ? 'truncate' : 'truncate-end' }, children),
);

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
