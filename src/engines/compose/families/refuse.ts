import { BotllmError } from '../../../errors.js';
import type { ResolvedModel } from '../../../models/resolve.js';
import { SAY } from '../messages.js';
import { servedName } from './served-name.js';

/** Why a family cannot be given a model. */
export function cannotServe(model: ResolvedModel, family: string): BotllmError {
  const name = servedName(model);
  if (model.kind === 'pypi' || model.kind === 'url' || model.kind === 'catalogue') {
    const source = model.kind === 'catalogue' ? model.entry.alias : name;
    return new BotllmError('MODEL_UNAVAILABLE', SAY.fetchFirst(name), { hint: SAY.fetchFirstHint(source) });
  }
  return new BotllmError('MODEL_UNAVAILABLE', SAY.notThisFamily(name, family), {
    detail: SAY.otherFormat,
    hint: SAY.notThisFamilyHint,
  });
}
