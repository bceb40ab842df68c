import type { EnvValue, FamilyOrder } from './contract.js';

/** Only those that are there: an empty token or key is a value to every engine, and a fatal one to some. */
export function secrets(
  { hfToken, apiKey }: FamilyOrder,
  keyName: string | undefined,
): Record<string, EnvValue> {
  return {
    ...(hfToken ? { HF_TOKEN: { from: 'HF_TOKEN' } as const } : {}),
    ...(apiKey && keyName !== undefined ? { [keyName]: { from: 'LLM_API_KEY' } as const } : {}),
  };
}
