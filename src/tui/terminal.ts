/** Into the alternate screen, without a cursor. */
const ENTER = '\u001b[?1049h\u001b[?25l\u001b[H';
/** The cursor, the colours and the screen as they were. */
const LEAVE = '\u001b[?25h\u001b[0m\u001b[?1049l';

/**
 * Gives a terminal to whoever draws on it, and takes it back whatever happens: when the work ends or throws, and when
 * the process ends meanwhile (an uncaught error, a second Ctrl-C).
 */
export async function withScreen<T>(stdout: NodeJS.WriteStream, work: () => Promise<T>): Promise<T> {
  let isOurs = true;
  const restore = () => {
    if (isOurs) stdout.write(LEAVE);
    isOurs = false;
  };
  process.once('exit', restore);
  stdout.write(ENTER);
  try {
    return await work();
  } finally {
    restore();
    process.off('exit', restore);
  }
}
