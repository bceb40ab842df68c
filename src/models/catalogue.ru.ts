/** What the catalogue says of its models, in Russian, by the English text. */
export const CATALOGUE_TEXTS: Readonly<Record<string, string>> = {
  balanced: 'сбалансированная',
  fast: 'быстрая',
  multilingual: 'мультиязычная',
  'balanced, the default for containers; 4,096 tokens of context in all':
    'сбалансированная, по умолчанию для контейнеров; контекст всего 4096 токенов',
  'fast, and small in memory': 'быстрая, занимает мало памяти',
  'multilingual; for research only': 'мультиязычная; только для исследований',
  'the default: small and multilingual': 'по умолчанию: небольшая и мультиязычная',
  'the smallest sibling of the default': 'самая маленькая родственница модели по умолчанию',
  'the larger sibling of the default': 'старшая родственница модели по умолчанию',
  'a long context': 'длинный контекст',
  'the smallest that chats': 'самая маленькая из тех, что ведут разговор',
  'small, with a long context for its size': 'небольшая, с длинным для своего размера контекстом',
  'the larger of the small Gemmas': 'старшая из маленьких Gemma',
  'a newer Gemma under a free licence': 'новая Gemma под свободной лицензией',
  'what follows Phi-3 mini': 'следующая после Phi-3 mini',
  'a well-known 3B model': 'известная модель на 3B',
  'JSON and tools': 'JSON и инструменты',
  'the stand-in: English only, shows the machinery and no more':
    'замена: только английский; показывает механику, не больше',
  'Google’s own repository is gated: vLLM and TGI need accepted terms and HF_TOKEN. The GGUF copy is not, and the same terms hold for it':
    'Доступ к репозиторию самой Google — по условиям: для vLLM и TGI их нужно принять и задать HF_TOKEN. Копия GGUF свободна, условия для неё те же',
  'Meta’s own repository is gated: vLLM and TGI need accepted terms and HF_TOKEN. The GGUF copy is not, and the same terms hold for it':
    'Доступ к репозиторию самой Meta — по условиям: для vLLM и TGI их нужно принять и задать HF_TOKEN. Копия GGUF свободна, условия для неё те же',
  'For research only, not for a commercial bot; qwen3-4b or smollm3-3b may be used for one':
    'Только для исследований, не для коммерческого бота; для него годятся qwen3-4b и smollm3-3b',
};
