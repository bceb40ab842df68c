import { meansServedName } from '../../models/catalogue.js';
import { type Check, fail, ok, skip, warn } from '../check.js';
import { FIX, SAY } from '../messages.js';

export const licence: Check = {
  id: 'model-licence',
  look: async (patient) => {
    const model = await patient.model();
    const terms = model?.entry?.licence;
    if (model === undefined) return skip(SAY.modelUnknown);
    if (terms === undefined) return skip(SAY.licenceUnknown(model.name));
    const evidence = [SAY.licence(model.name, terms.name), terms.note].filter(Boolean).join('. ');
    return terms.commercial === false ? warn(evidence, FIX.licence) : ok(evidence);
  },
};

export const gated: Check = {
  id: 'model-gated',
  look: async (patient) => {
    const [model, choice] = await Promise.all([patient.model(), patient.choice()]);
    const isGated = model?.entry?.licence.gated === true;
    if (model === undefined) return skip(SAY.modelUnknown);
    if (!isGated) return ok(SAY.notGated(model.name));
    // The others are given a copy that nobody has to ask for.
    const family = choice?.family ?? 'llamacpp';
    if (family !== 'vllm' && family !== 'tgi') return ok(SAY.ungatedCopy(model.name));
    if (patient.settings.hfToken !== undefined) return ok(SAY.hasToken(model.name));
    if (model.entry?.engines?.ungated !== undefined) return warn(SAY.ungatedCopy(model.name), FIX.token);
    return fail(SAY.gated(model.name), FIX.token);
  },
};

/** Cached answers carry the configured name, so that another model behind it is a mistake. */
export const served: Check = {
  id: 'model-served',
  look: async (patient) => {
    const { model: configured } = patient.settings;
    const { model: found, state } = await patient.engine();
    if (state !== 'ready' || found === undefined) return skip(SAY.notReady);
    if (configured === undefined) return ok(SAY.serves(found));
    return meansServedName(configured, found)
      ? ok(SAY.serves(found))
      : fail(SAY.servesOther(configured, found), FIX.served(configured, found));
  },
};
