/** Every sentence of the container engines that a person reads. */
export const SAY = {
  quantise: (asked: string, taken: string) => `QUANTIZE=${asked} → ${taken}`,
  quantiseByRepository: (asked: string, repo: string) =>
    `QUANTIZE=${asked}: ${repo} is stored so, nothing is passed on`,
  nearestQuantise: (asked: string, taken: string, repo: string) =>
    `QUANTIZE=${asked} → ${taken} (${repo} is not stored as ${asked}, and this is the nearest to it)`,
  notStoredSo: (asked: string, repo: string) =>
    `QUANTIZE=${asked} needs a repository that is stored so, and ${repo} is not`,
  notStoredSoHint: 'QUANTIZE=int4 quantises while it loads; or name a repository such as org/model-GPTQ',
  unknownQuantise: (asked: string, family: string) => `QUANTIZE=${asked} is unknown to ${family}`,
  quantiseHint: (names: string) => `QUANTIZE= one of ${names}`,
  needsGpu: (family: string) => `${family} needs an NVIDIA GPU, and there is none for it`,
  needsGpuHint: '--family llamacpp runs on a processor',
  notThisFamily: (model: string, family: string) => `${family} cannot serve ${model}`,
  notThisFamilyHint: '--family llamacpp, or another model: botllm models',
  otherFormat:
    'llama.cpp and Ollama load GGUF and nothing else; vLLM and TGI load whole repositories, and no GGUF',
  fetchFirst: (model: string) => `A container cannot fetch ${model} by itself`,
  fetchFirstHint: (model: string) => `botllm pull ${model}, then --model with the path of the file`,
  gated: (repo: string) => `${repo} is gated: the hub wants its terms accepted, and a token`,
  gatedHint: 'HF_TOKEN=hf_… of an account that has accepted them, or --family llamacpp',
  ungated: (repo: string, copy: string) =>
    `${repo} is gated and there is no HF_TOKEN: taking the free copy ${copy}, to which the same terms apply`,
  archived: 'text-generation-inference is archived by its makers since March 2026: no fix comes any more',
  poolIsCards: (total: number) =>
    `MAX_BATCH_TOTAL_TOKENS=${total}: vLLM fits its pool to the card; it bounds one request here`,
  poolIgnored: (total: number) =>
    `MAX_BATCH_TOTAL_TOKENS=${total}: TGI takes it for models without flash attention only`,
  profile: (profile: string, recipe: string) => `--profile ${profile}: ${recipe}`,
  tooFewTokens: (total: number) =>
    `MAX_BATCH_TOTAL_TOKENS=${total} is no number of tokens that can be served`,
  tooFewTokensHint: (least: number, most: number) => `a whole number from ${least} to ${most}`,
  openWithoutKey: (address: string) => `${address} would open the model to other machines without a key`,
  openWithoutKeyHint: 'LLM_API_KEY=… botllm up --publish …, or leave it on 127.0.0.1',
  noKeyThere: (family: string) => `${family} asks nobody for a key, so it stays on 127.0.0.1`,
  noKeyThereHint: 'botllm serve puts a key in front of it',
} as const;
