import type { Env } from '../../settings/read.js';

/** Names of variables whose values nobody else may see. */
const SECRET_NAME = /TOKEN|SECRET|PASSW|API_?KEY|CREDENTIAL|PRIVATE/i;
/** A shorter value would take half of every text away. */
const LEAST = 6;

/** Forms of secrets that are known wherever they stand. */
const FORMS: readonly (readonly [RegExp, string])[] = [
  [/([a-z][a-z0-9+.-]*:\/\/)[^\s/@"']*@/gi, '$1***@'],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{6,}/gi, '$1 ***'],
  [/\b(?:hf_|sk-|ghp_|glpat-)[\w-]{6,}/g, '***'],
  // A bot's token, as Telegram writes it.
  [/\b\d{6,12}:[\w-]{30,}/g, '***'],
];

/** What engines log of a request when somebody has told them to. */
const USER_TEXT = /\b(prompt|content|text)("?\s*[:=]\s*)(?:"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?)/g;

/** Makes texts fit to be sent to somebody else. */
export type Redact = (text: string) => string;

/** Beside the secrets, what users wrote: of a log, whose lines anybody's program may have made. */
export function withoutUserText(text: string): string {
  return text.replace(USER_TEXT, '$1$2"***"');
}

/** @param own further secrets by value; `home` is the user's folder, whose name is his */
export function redactor(env: Env, own: readonly (string | undefined)[], home: string): Redact {
  const named = Object.entries(env).flatMap(([name, value]) => (SECRET_NAME.test(name) ? [value] : []));
  const values = [
    ...new Set([...own, ...named].filter((it) => it !== undefined && it.length >= LEAST)),
  ] as string[];
  const spelled = values.flatMap((value) => [
    value,
    encodeURIComponent(value),
    JSON.stringify(value).slice(1, -1),
  ]);
  // The longest first: one may be the beginning of another.
  const secrets = [...new Set(spelled)].sort((a, b) => b.length - a.length);
  return (text) => {
    const bare = secrets.reduce((left, secret) => left.replaceAll(secret, '***'), text);
    const formed = FORMS.reduce((left, [form, kept]) => left.replace(form, kept), bare);
    return home.length > 1 ? formed.replaceAll(home, '~') : formed;
  };
}
