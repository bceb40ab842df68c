import { BotllmError } from '../../errors.js';
import type { ResolvedModel } from '../../models/resolve.js';
import type { Family, FamilyName, FamilyOrder, FamilyPlan } from './families/contract.js';
import { llamacpp } from './families/llamacpp.js';
import { ollama } from './families/ollama.js';
import { tgi } from './families/tgi.js';
import { vllm } from './families/vllm.js';
import { SAY } from './messages.js';
import { recipe, type Said } from './profiles.js';

/** Every image family; the first is the default. */
export const FAMILIES: Readonly<Record<FamilyName, Family>> = { llamacpp, vllm, ollama, tgi };

/** The bounds of MAX_BATCH_TOTAL_TOKENS, as docker-compose.llm.yml has them. */
const LEAST_TOKENS = 256;
const MOST_TOKENS = 9_999_999;

/** What `up --engine compose` was asked for, with the model resolved and the machine looked at. */
export interface ComposeWish extends Said, Pick<FamilyOrder, 'gpus' | 'hfToken' | 'apiKey' | 'image'> {
  family: FamilyName;
  /** The address of the host that the port is published on. */
  bind: string;
}

/**
 * Turns the user's words into one family's container. Pure: nothing is read, asked or started.
 * @throws BotllmError `BAD_CONFIG`, `MODEL_UNAVAILABLE` or `MISSING_PREREQUISITE`, with the reason and what works
 */
export function planContainer(wish: ComposeWish): FamilyPlan {
  const family = FAMILIES[wish.family];
  const { notices, ...asked } = recipe(wish);
  checkTokens(asked.totalTokens);
  checkExposure(wish, family);
  const { gpus, hfToken, apiKey, image } = wish;
  const plan = family.plan({ ...asked, gpus, hfToken, apiKey, image });
  return { ...plan, notices: [...notices, ...plan.notices, ...licence(asked.model)] };
}

/** What a person has to know of the terms before the container fetches the weights. */
function licence(model: ResolvedModel): string[] {
  const note = model.kind === 'catalogue' ? model.entry.licence.note : undefined;
  return note === undefined ? [] : [note];
}

function checkTokens(total: number | undefined): void {
  if (total === undefined || (Number.isInteger(total) && total >= LEAST_TOKENS && total <= MOST_TOKENS))
    return;
  throw new BotllmError('BAD_CONFIG', SAY.tooFewTokens(total), {
    hint: SAY.tooFewTokensHint(LEAST_TOKENS, MOST_TOKENS),
  });
}

/** A port that Docker publishes passes by the host's own firewall rules, so nothing is open without a key. */
function checkExposure({ bind, apiKey }: ComposeWish, family: Family): void {
  if (/^(?:127\.\d+\.\d+\.\d+|\[::1\])$/.test(bind)) return;
  if (!family.takesKey) {
    throw new BotllmError('BAD_CONFIG', SAY.noKeyThere(family.name), { hint: SAY.noKeyThereHint });
  }
  if (apiKey) return;
  throw new BotllmError('BAD_CONFIG', SAY.openWithoutKey(bind), { hint: SAY.openWithoutKeyHint });
}
