/** Why a part of the memory is not told, as a report has it: English always. */
export const messages = {
  noRam: 'what the process takes cannot be read here',
  onTheCard: 'weights and cache lie on the card',
  noWeights: 'the size of the weights is not known',
  noShape: "the shape of the model's cache is not known",
  noRest: 'weights and cache by their size are more than what is resident: not all of it was touched',
  noGpu: 'no card, or its driver does not tell',
  notLocal: 'the engine is not a process of this machine that can be looked at',
} as const;
