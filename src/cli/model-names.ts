import { CATALOGUE, findEntry } from '../models/catalogue.js';

/** The names under which a bot may have kept answers of this model: an alias means the model's ids as well. */
export function namesOfModel(name: string): string[] {
  const entry = findEntry(CATALOGUE, name);
  if (!entry) return [name];
  const { llamacpp, vllm, tgi, ollama } = entry.engines ?? {};
  const names = [name, entry.alias, ...entry.ids, llamacpp?.repo, vllm, tgi, ollama];
  return [...new Set(names.filter((one) => one !== undefined))];
}
