/** What docker-compose.llm.yml calls its containers, where nobody names them otherwise. */
export const DEFAULT_LLM = 'botfactory-llm';
export const DEFAULT_REDIS = 'botfactory-redis';
export const DEFAULT_NETWORK = 'botfactory';
