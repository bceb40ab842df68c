export interface Sample {
  name: string;
  labels: Readonly<Record<string, string>>;
  value: number;
}

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)(?:\s+-?\d+)?$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;

/**
 * The samples of Prometheus' text format (prometheus.io/docs/instrumenting/exposition_formats) whose name begins like
 * this. Lines that are none are left out.
 */
export function readSamples(text: string, prefix: string): Sample[] {
  const samples: Sample[] = [];
  for (const line of text.split('\n')) {
    if (!line.startsWith(prefix)) continue;
    const [, name, labels = '', number = ''] = LINE.exec(line.trim()) ?? [];
    const value = number === '+Inf' ? Number.POSITIVE_INFINITY : Number(number);
    if (name === undefined || Number.isNaN(value)) continue;
    samples.push({ name, labels: readLabels(labels), value });
  }
  return samples;
}

function readLabels(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [, name = '', value = ''] of text.matchAll(LABEL)) {
    found[name] = value.replace(/\\(.)/g, (_, c: string) => (c === 'n' ? '\n' : c));
  }
  return found;
}
