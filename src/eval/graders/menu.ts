import { z } from 'zod';
import type { RawReply } from '../recorder.js';
import type { MenuCase } from '../set/cases.js';
import type { Got } from '../ways/contract.js';
import { type Grade, shapeMarks, shapeOf } from './grade.js';

const Items = z.array(z.object({ text: z.string(), description: z.string() }));
/** What the prompt asks for; more and fewer may be taken, and are less than was asked. */
const ASKED = { least: 3, most: 6 } as const;
/** A messenger's button, and the line beside it. */
const LIMITS = { text: 64, description: 120 } as const;

/** No menu is the right one; what can be seen without taste is its form. */
export function gradeMenu(_: MenuCase, got: Got, replies: readonly RawReply[]): Grade {
  const shape = shapeOf(replies[0], got);
  const read = Items.safeParse(shape.object?.items);
  const items = read.success ? read.data : undefined;
  const labels = items?.map(({ text }) => text.trim().toLowerCase());
  const unique = labels && new Set(labels).size === labels.length && !labels.includes('');
  const within = items?.every(
    ({ text, description }) => text.length <= LIMITS.text && description.length <= LIMITS.description,
  );
  const asMany = items && items.length >= ASKED.least && items.length <= ASKED.most;
  const formed = unique === true && within === true && asMany === true;
  return {
    right: got.source === 'model',
    usable: shape.json && shape.accepted && formed,
    got: got.source === 'model' ? JSON.stringify(got.data) : undefined,
    marks: {
      uniqueLabels: unique ?? false,
      withinLimits: within ?? false,
      asManyAsAsked: asMany ?? false,
      ...shapeMarks(shape, got, replies),
    },
  };
}
