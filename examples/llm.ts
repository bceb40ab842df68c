import { createLlmClient, settingsFromEnv } from 'botllm';

/** One shared client for a runtime. Its events go to stdout, so `docker logs … | grep llm_` finds them. */
export const llm = createLlmClient({
  ...settingsFromEnv(process.env),
  onEvent: (event) => process.stdout.write(`${JSON.stringify(event)}\n`),
});
