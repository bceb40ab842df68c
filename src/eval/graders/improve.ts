import { placeholdersIn, surplus, withoutPlaceholders } from '../../prompts/fixed-pieces.js';
import { isOtherLanguage } from '../../prompts/language.js';
import type { RawReply } from '../recorder.js';
import type { ImproveCase } from '../set/cases.js';
import type { Got } from '../ways/contract.js';
import { type Grade, shapeMarks, shapeOf } from './grade.js';

/**
 * Placeholders are compared as a multiset, letter by letter, braces included, in the model's first answer: what our
 * own checks catch afterwards is the model's mistake all the same.
 */
export function gradeImprove(one: ImproveCase, got: Got, replies: readonly RawReply[]): Grade {
  const shape = shapeOf(replies[0], got);
  const text = typeof shape.object?.text === 'string' ? shape.object.text : undefined;
  const kept = text !== undefined && placeholderFaults(one.text, text);
  const delivered = got.source === 'model' ? (got.data as { text: string }).text : undefined;
  return {
    right: delivered !== undefined,
    // A message that comes back as it was is kept and not improved.
    usable: shape.json && shape.accepted && text?.trim() !== one.text.trim(),
    got: delivered,
    marks: {
      placeholdersKept: kept ? !kept.dropped && !kept.added && !kept.altered && !kept.translated : false,
      ...(kept || {}),
      languageKept:
        text === undefined
          ? undefined
          : !isOtherLanguage(withoutPlaceholders(one.text), withoutPlaceholders(text)),
      balanced: text === undefined ? undefined : isBalanced(text),
      changed: text === undefined ? undefined : text.trim() !== one.text.trim(),
      ...shapeMarks(shape, got, replies),
    },
  };
}

/** The four ways in which a placeholder goes wrong. */
interface PlaceholderFaults {
  /** One is missing. */
  dropped: boolean;
  /** One is there that was not, or more often. */
  added: boolean;
  /** The same name in other letters or braces. */
  altered: boolean;
  /** A name in other letters than Latin. */
  translated: boolean;
}

export function placeholderFaults(before: string, after: string): PlaceholderFaults {
  const [asked, given] = [placeholdersIn(before), placeholdersIn(after)];
  const gained = surplus(given, asked);
  const lost = surplus(asked, given);
  let [altered, translated] = [false, false];
  const added: string[] = [];
  for (const piece of gained) {
    const same = lost.findIndex((one) => nameOf(one) === nameOf(piece));
    if (same >= 0) {
      lost.splice(same, 1);
      altered = true;
    } else if (/[^\P{L}\p{Script=Latin}]/u.test(piece) && lost.length > 0) {
      lost.pop();
      translated = true;
    } else added.push(piece);
  }
  return { dropped: lost.length > 0, added: added.length > 0, altered, translated };
}

function nameOf(placeholder: string): string {
  return placeholder.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
}

/** Marks of Markdown and tags of HTML come in pairs, or a messenger shows them as they are. */
function isBalanced(text: string): boolean {
  const pairs = [/\*\*/g, /__/g, /```/g].every((mark) => (text.match(mark)?.length ?? 0) % 2 === 0);
  const opened = text.match(/<[a-z][^>/]*>/gi)?.length ?? 0;
  const closed = text.match(/<\/[a-z][^>]*>/gi)?.length ?? 0;
  return pairs && opened === closed;
}
