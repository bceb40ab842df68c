import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { percentile } from '../timing.js';

/** What a tool is to do. */
export interface Task {
  root: string;
  atOnce: number;
  requests: number;
  /** Its own folder, for what it writes. */
  folder: string;
  tokenizer: string;
  /** Plain text over HTTP, for a tool that reads a book. */
  book: string;
}

/** What a tool says it saw. */
export interface Seen {
  ttftMean: number;
  ttftP95: number;
  /** Per output token after the first. */
  tpot: number;
}

export interface Tool {
  name: string;
  /** Looked for on PATH; ours is this checkout. */
  program: string;
  args(task: Task): string[];
  env?: Record<string, string>;
  read(task: Task, stdout: string): Seen;
}

const BIN = fileURLToPath(new URL('../../bin/botllm.js', import.meta.url));
const json = (file: string) => JSON.parse(readFileSync(file, 'utf8'));
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const p95 = (values: readonly number[]) =>
  percentile(
    [...values].sort((a, b) => a - b),
    95,
  );

export const TOOLS: readonly Tool[] = [
  {
    name: 'botllm bench',
    program: process.execPath,
    args: ({ root, atOnce, requests }) => [
      ...[BIN, 'bench', '--base-url', root, '--json', '--no-self-test', '--pp', '64', '--tg', '64'],
      ...['--concurrency', String(atOnce), '--runs', '1', '--requests', String(requests)],
    ],
    read(_task, stdout) {
      const { metrics } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '').data.targets[0].results[0];
      const ttft = metrics.ttft_ms.samples.flat() as number[];
      return { ttftMean: mean(ttft), ttftP95: p95(ttft), tpot: mean(metrics.tpot_ms.samples.flat()) };
    },
  },
  {
    name: 'llama-benchy',
    program: 'llama-benchy',
    env: { HF_HUB_OFFLINE: '1' },
    args: ({ root, atOnce, requests, folder, tokenizer, book }) => [
      ...['--base-url', `${root}/v1`, '--model', 'synthetic', '--tokenizer', tokenizer, '--book-url', book],
      ...['--pp', '64', '--tg', '64', '--runs', String(Math.ceil(requests / atOnce))],
      ...['--concurrency', String(atOnce), '--latency-mode', 'none', '--skip-coherence', '--no-adapt-prompt'],
      ...['--format', 'json', '--save-result', path.join(folder, 'benchy.json')],
    ],
    read({ folder }) {
      const [found] = json(path.join(folder, 'benchy.json')).benchmarks;
      const ttft = found.e2e_ttft.values as number[];
      return { ttftMean: mean(ttft), ttftP95: p95(ttft), tpot: 1000 / found.tg_req_throughput.mean };
    },
  },
  {
    name: 'guidellm',
    program: 'guidellm',
    env: { HF_HUB_OFFLINE: '1' },
    args: ({ root, atOnce, requests, folder, tokenizer }) => [
      ...['run', '--backend', `kind=openai_http,target=${root},model=synthetic`],
      ...['--profile', atOnce === 1 ? 'kind=synchronous' : `kind=concurrent,streams=${atOnce}`],
      ...['--constraint', `kind=max_requests,count=${requests}`],
      ...['--tokenizer', `kind=huggingface_auto,model=${tokenizer}`],
      ...['--data', 'kind=synthetic_text,prompt_tokens=64,output_tokens=64'],
      ...[
        '--output',
        `kind=json,path=${path.join(folder, 'guidellm.json')}`,
        '--disable-console-interactive',
      ],
    ],
    read({ folder }) {
      const { metrics } = json(path.join(folder, 'guidellm.json')).benchmarks[0];
      const ttft = metrics.time_to_first_token_ms.successful;
      const tpot = metrics.inter_token_latency_ms.successful.mean;
      return { ttftMean: ttft.mean, ttftP95: ttft.percentiles.p95, tpot };
    },
  },
  {
    name: 'aiperf',
    program: 'aiperf',
    args: ({ root, atOnce, requests, folder, tokenizer }) => [
      ...['profile', '--model', 'synthetic', '--url', root, '--endpoint-type', 'chat', '--streaming'],
      ...['--concurrency', String(atOnce), '--request-count', String(requests), '--isl', '64', '--osl', '64'],
      ...['--tokenizer', tokenizer, '--use-server-token-count', '--ui', 'none'],
      ...['--output-artifact-dir', folder],
    ],
    read({ folder }) {
      const found = json(path.join(folder, 'profile_export_aiperf.json'));
      const { time_to_first_token: ttft, inter_token_latency: itl } = found;
      return { ttftMean: ttft.avg, ttftP95: ttft.p95, tpot: itl.avg };
    },
  },
];
