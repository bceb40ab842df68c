/** One line of a Prometheus text: a name, its labels, a value. */
export interface Sample {
  name: string;
  labels: Readonly<Record<string, string>>;
  value: number;
}

const NAME = /^([a-zA-Z_:][a-zA-Z0-9_:]*)/;
const LABEL = /\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"((?:\\[\s\S]|[^"\\])*)"\s*(,|(?=\}))/y;
const VALUE = /^[ \t]+(\S+)/;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', '"': '"', '\\': '\\' };

/**
 * Reads Prometheus' text format (0.0.4; of OpenMetrics what they share). Comments, types and times are left out.
 * @throws Error naming the first line that is none of it
 */
export function parseExposition(text: string): Sample[] {
  const samples: Sample[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const sample = parseLine(trimmed);
    if (sample === null) throw new Error(`line ${index + 1}: ${trimmed.slice(0, 80)}`);
    samples.push(sample);
  }
  return samples;
}

function parseLine(line: string): Sample | null {
  const name = NAME.exec(line)?.[1];
  if (name === undefined) return null;
  let rest = line.slice(name.length);
  let labels = {};
  if (/^\s*\{/.test(rest)) {
    const parsed = parseLabels(rest.trimStart());
    if (parsed === null) return null;
    labels = parsed.labels;
    // A value may follow the brace directly.
    rest = ` ${parsed.rest}`;
  }
  const value = numberOf(VALUE.exec(rest)?.[1]);
  return value === null ? null : { name, labels, value };
}

function parseLabels(text: string): { labels: Record<string, string>; rest: string } | null {
  const labels: [string, string][] = [];
  let at = 1;
  while (!/^\s*\}/.test(text.slice(at))) {
    LABEL.lastIndex = at;
    const found = LABEL.exec(text);
    if (!found) return null;
    const [whole, name = '', raw = ''] = found;
    labels.push([name, raw.replace(/\\([\s\S])/g, (pair, letter: string) => ESCAPES[letter] ?? pair)]);
    at += whole.length;
  }
  return { labels: Object.fromEntries(labels), rest: text.slice(text.indexOf('}', at) + 1) };
}

function numberOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const infinite = /^([+-]?)inf(?:inity)?$/i.exec(text);
  if (infinite) return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (/^nan$/i.test(text)) return Number.NaN;
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : null;
}
