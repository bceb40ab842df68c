import { InvalidArgumentError } from 'commander';
import type { Threshold } from '../eval/gate.js';
import type { Importer } from '../eval/importers/contract.js';
import { IMPORTERS } from '../eval/importers/import-set.js';
import { QUALITY_TASKS, TASKS, type TaskName } from '../eval/set/cases.js';
import type { Way } from '../eval/ways/contract.js';
import { WAYS } from '../eval/ways/list.js';
import { evalMessages } from './eval-messages.js';

/** `intent:0.7,improve:0.9`, or `0.6` for the headline. */
export function parseThresholds(text: string): Threshold[] {
  return text.split(',').map((part) => {
    const match = /^(?:([a-z]+):)?(\d*\.?\d+)$/.exec(part.trim());
    const least = Number(match?.[2] ?? Number.NaN);
    const task = match?.[1];
    const known = task === undefined || isTask(task);
    if (!match || !known || !(least >= 0 && least <= 1))
      throw new InvalidArgumentError(evalMessages.badThreshold);
    return { task, least };
  });
}

export interface DataSource {
  importer: Importer;
  place: string;
}

/** `massive:PATH` and its like. */
export function parseData(text: string): DataSource {
  const [kind = '', ...rest] = text.split(':');
  const importer = IMPORTERS.find((one) => one.kind === kind);
  const place = rest.join(':');
  if (!importer || place === '') {
    throw new InvalidArgumentError(
      evalMessages.badData(IMPORTERS.map((one) => `${one.kind}:PATH (${one.takes})`)),
    );
  }
  return { importer, place };
}

/** An imported set has messages and their intents, and nothing else. */
export function parseTask(word: string | undefined, imported = false): readonly TaskName[] {
  if (imported && (word ?? 'intent') === 'intent') return ['intent'];
  if (imported) throw evalMessages.onlyIntents();
  if (word === undefined) return QUALITY_TASKS;
  if (!isTask(word)) throw evalMessages.unknownTask(word);
  return [word];
}

/** `all`, or names of ways. */
export function parseWays(text: string): readonly Way[] {
  if (text.trim() === 'all') return WAYS;
  return text.split(',').map((word) => {
    const way = WAYS.find(({ name }) => name === word.trim());
    if (!way)
      throw new InvalidArgumentError(
        evalMessages.badWay(
          word.trim(),
          WAYS.map(({ name }) => name),
        ),
      );
    return way;
  });
}

function isTask(word: string): word is TaskName {
  return TASKS.some((task) => task === word);
}
