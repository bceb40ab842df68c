import { CATALOGUE, findEntry } from '../../models/catalogue.js';

/** What the setup guide says of its models, on a consumer GPU; the row that every report is held against. */
const GUIDE: Readonly<Record<string, { speed: string; memory: string; quality: string }>> = {
  'gemma-2b': { speed: '60', memory: '3 GB', quality: 'good' },
  'phi3-mini': { speed: '40', memory: '4 GB', quality: 'excellent' },
  'qwen2.5-3b': { speed: '45', memory: '3.5 GB', quality: 'excellent' },
};

/** The guide's word on models that it does not list one by one, tokens per second on a consumer GPU. */
export const GUIDE_SPEED = { low: 30, high: 60 } as const;

/** The guide's figures for a model, beside ours; it may be named by its alias or by its id on the hub. */
export function guideText(model: string): string {
  const row = GUIDE[findEntry(CATALOGUE, model)?.alias ?? model];
  return row ? `${row.speed} tok/s, ${row.memory}, ${row.quality} (GPU)` : '30–60 tok/s (GPU)';
}
