/** What this room says to people. */
export const MESSAGES = {
  missingKey: 'A key is missing: send it as Authorization: Bearer …',
  wrongKey: 'The key is not one of this gateway’s.',
  stopping: 'The gateway is stopping.',
  notSupported: (field: string) => `${field} is not supported here.`,
  badHeader: (name: string) => `${name} is not text of a header.`,
  needsKey: (host: string) => `${host} can be reached from other machines, so the gateway needs a key there`,
  needsKeyHint: 'BOTLLM_API_KEYS=… botllm serve, or --host 127.0.0.1',
  noHost: (host: string) => `${host} is no address of this machine`,
  noHostHint: 'botllm serve --host 127.0.0.1',
  portTaken: (port: number) => `Port ${port} is taken`,
  portTakenHint: (port: number) => `botllm serve --port ${port + 1}`,
} as const;
