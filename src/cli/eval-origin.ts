import { bytesText, deviceText, NOTHING, sizeText } from '../bench/report/cells.js';
import type { ServedFacts } from '../bench/report/schema.js';
import type { EvalReport } from '../eval/report.js';
import { evalMessages } from './eval-messages.js';
import { reportMessages } from './report-messages.js';
import { printable } from './style.js';

/** What answered, a line each, and the machine that asked; nothing of what nobody said. */
export function originLines({ botllm, client, targets = [] }: EvalReport): string[] {
  const lines = targets.map(targetLine);
  if (!client || !botllm) return lines;
  const memory = client.memory_bytes === undefined ? [] : [bytesText(client.memory_bytes)];
  const cores = reportMessages.cores(client.cores);
  const machine = [
    client.cpu,
    cores,
    ...memory,
    client.os,
    `Node ${client.node}`,
    `botllm ${botllm.version}`,
  ];
  return [...lines, machine.join(', ')];
}

function targetLine(target: ServedFacts): string {
  const { id, model, engine, family, engine_version: version, image, ctx, slots, base_url: url } = target;
  const size = sizeText(target);
  const facts = [
    [engine, family, version].filter((part) => part !== undefined).join(' '),
    image,
    id === model ? undefined : model,
    size === NOTHING ? undefined : size,
    target.random_weights ? 'random weights' : undefined,
    ctx === undefined ? undefined : evalMessages.context(ctx),
    slots === undefined ? undefined : evalMessages.slots(slots),
    deviceText(target),
    url,
  ];
  const line = `${id}: ${facts.filter((fact) => fact !== undefined).join(', ')}`;
  return printable(line).replace(/[\n\t]/g, ' ');
}
