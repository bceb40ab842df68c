import { TASKS } from '../set/cases.js';
import { completed } from './complete.js';
import type { Way } from './contract.js';
import { questionOf } from './question.js';

/** The library's own way, and the default everywhere. */
export const schemaWay: Way = {
  name: 'schema',
  summary: "the library's prompts, JSON held by a schema",
  tasks: TASKS,
  ask: (question, call) => completed(questionOf(question, call.set), call),
};
