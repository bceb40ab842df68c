import type { ResolvedModel } from '../../../models/resolve.js';

/** The name that clients send: the guide's id where the catalogue has one, else what the reference says. */
export function servedName(model: ResolvedModel): string {
  switch (model.kind) {
    case 'catalogue':
      return model.entry.ids[0] ?? model.entry.alias;
    case 'hub':
      if (model.file !== undefined) return `${model.repo}/${model.file}`;
      return model.quantisation === undefined ? model.repo : `${model.repo}:${model.quantisation}`;
    case 'pypi':
      return model.package;
    default:
      return model.name;
  }
}
