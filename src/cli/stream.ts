/** What the CLI needs of stdout and stderr. */
export interface Stream {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}
