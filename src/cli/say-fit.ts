import type { BesideFit } from '../engines/beside/fit.js';
import { prettySize } from '../size.js';
import { containerMessages } from './container-messages.js';

/** Why two engines are not started side by side. */
export function sayFit({ need, free, of }: BesideFit): string {
  if (need === undefined || free === undefined) return containerMessages.roomUnknown(of);
  return containerMessages.noRoomBeside(of, prettySize(need), prettySize(Math.max(0, free)));
}
