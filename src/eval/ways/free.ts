import { TASKS } from '../set/cases.js';
import { completed } from './complete.js';
import type { Way } from './contract.js';
import { questionOf } from './question.js';

/** What a model makes of the format by itself: a held format says nothing of it. */
export const freeWay: Way = {
  name: 'free',
  summary: "the library's prompts, JSON only asked for in words",
  tasks: TASKS,
  ask: (question, call) => {
    call.change(({ response_format: _, ...body }) => body);
    return completed(questionOf(question, call.set), call);
  },
};
