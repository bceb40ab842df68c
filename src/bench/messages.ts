/** What the measuring of speed says to people. */
export const messages = {
  instrumentBroke: 'The measuring process ended before it was done',
  instrumentBrokeHint: 'botllm bench self-test',
  syntheticBroke: 'The synthetic engine of the self-test could not be started',
} as const;
