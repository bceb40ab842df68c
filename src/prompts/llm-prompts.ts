import { parseJsonResponse } from './json.js';

/** Reading of a model's answers; the guide's `LLMPrompts`. */
export const LLMPrompts = {
  parseJsonResponse,
} as const;
