// botllm try --file examples/mood.mjs "What a day!"
import { definePrompt } from 'botllm';
import { z } from 'zod';

/** A prompt of one's own: `try --file` calls it with `{ text }`, a runtime with whatever it likes. */
export default definePrompt({
  id: 'mood',
  version: 1,
  schema: () => z.object({ mood: z.enum(['good', 'neutral', 'bad']), angry: z.boolean() }),
  examples: () => [
    { user: 'Спасибо, всё отлично!', answer: { mood: 'good', angry: false } },
    { user: 'Where is my order?!', answer: { mood: 'bad', angry: true } },
  ],
  build: ({ text }) => ({
    system: 'Tell the mood of a message as one JSON object: {"mood": …, "angry": …}.',
    user: text,
  }),
  check: (answer) => answer,
  fallback: () => ({ mood: 'neutral', angry: false }),
});
