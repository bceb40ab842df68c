/** Prints a figure that a test measured by the way. It proves nothing: figures are the benchmarks' business. */
export function figure(text: string): void {
  process.stdout.write(`figure: ${text}\n`);
}
