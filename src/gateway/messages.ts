import { inLanguage } from '../language.js';

/** What the gateway answers over HTTP: JSON, and so English always. */
export const MESSAGES = {
  missingKey: 'A key is missing: send it as Authorization: Bearer …',
  wrongKey: 'The key is not one of this gateway’s.',
  stopping: 'The gateway is stopping.',
  noModel: 'The engine has not said which model it serves.',
  unknownModel: (asked: string, served: string) => `There is no model ${asked} here, but ${served}.`,
  notSupported: (field: string) => `${field} is not supported here.`,
  badHeader: (name: string) => `${name} is not text of a header.`,
} as const;

/** Why the gateway cannot begin. */
export const LISTENING = inLanguage('gateway', {
  badKey: (from: string, place: number, least: number) =>
    `Key ${place} of ${from} cannot be used: a key is ${least} or more visible ASCII characters`,
  needsKey: (host: string) => `${host} can be reached from other machines, so the gateway needs a key there`,
  needsKeyHint: 'BOTLLM_API_KEYS=… botllm serve, or --host 127.0.0.1',
  noHost: (host: string) => `${host} is no address of this machine`,
  noHostHint: 'botllm serve --host 127.0.0.1',
  portTaken: (port: number) => `Port ${port} is taken`,
  portTakenHint: (port: number) => `botllm serve --port ${port + 1}`,
  portForbidden: (port: number) => `Port ${port} may not be taken by this user`,
  portForbiddenHint: 'botllm serve --port 11435',
});
