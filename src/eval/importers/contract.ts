/** One message of a foreign set. */
export interface Utterance {
  text: string;
  /** Null: out of scope by the set's own word. */
  label: string | null;
  lang?: string | undefined;
}

/** Reads one public format. */
export interface Importer {
  kind: string;
  /** Whose it is and under what terms; printed with every figure. */
  licence: string;
  /** What the path may be, for help and errors. */
  takes: string;
  /** @throws BotllmError `USAGE` for a file that is not of this format */
  read(path: string): Promise<Utterance[]>;
}
