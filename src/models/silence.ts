export interface SilenceWatch {
  /** Aborts when nothing was heard for the time given, or when the parent does. */
  signal: AbortSignal;
  heard: () => void;
  fellSilent: () => boolean;
  stop: () => void;
}

/** Ends work that is waiting for bytes that do not come: a dead connection says nothing by itself. */
export function watchForSilence(ms: number, parent: AbortSignal): SilenceWatch {
  const silent = new AbortController();
  const timer = setTimeout(() => silent.abort(), ms);
  return {
    signal: AbortSignal.any([parent, silent.signal]),
    heard: () => timer.refresh(),
    fellSilent: () => silent.signal.aborted,
    stop: () => clearTimeout(timer),
  };
}
