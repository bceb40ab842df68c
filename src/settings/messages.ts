import { inLanguage } from '../language.js';

/** What this room says to people. A secret is never among the arguments. */
export const MESSAGES = inLanguage('settings', {
  badValue: (name: string, shown: string, range: string) => `${name} is ${shown}, which is not ${range}`,
  hidden: '(hidden)',
  noHome: (home: string) => `The home folder ${home} cannot be made or written`,
  noHomeHint: 'BOTLLM_HOME=… with a folder that you may write',
  valueHint: (name: string, sign: '=' | ': ', defaultText: string) =>
    `${name}${sign}… (default: ${defaultText})`,
  notScalar: (key: string, what: string, range: string) => `${key} is ${what}, which is not ${range}`,
  aList: 'a list',
  aMap: 'a mapping',
  anAlias: 'an alias',
  unknownKey: (key: string) => `there is no setting called ${key}`,
  didYouMean: (names: readonly string[]) => `did you mean ${names.join(' or ')}?`,
  allKeys: 'botllm config show',
  keyTwice: (key: string, other: string) => `${key} is given twice: ${other} is the same setting`,
  badKey: 'a key is not plain text',

  notThere: 'there is no such file, or it is a link that leads nowhere',
  aFolder: 'is a folder, not a file',
  notRegular: 'is not a regular file',
  tooLarge: (limit: string) => `is larger than ${limit}`,
  notAllowed: 'may not be read by this user',
  linkLoop: 'is a link that leads nowhere',
  notUtf8: 'is not UTF-8 text',
  unreadable: (code: string) => `cannot be read (${code})`,
  twoFiles: (other: string) => `${other} stands beside it; keep one of them`,

  notJson: 'is not JSON',
  notAMap: 'holds no settings: `name: value` lines (or one JSON object) are expected',
  yaml: {
    DUPLICATE_KEY: 'a key stands here for the second time',
    TAB_AS_INDENT: 'a tab indents this line; YAML wants spaces',
    BAD_INDENT: 'the indentation of this line does not fit',
    MULTIPLE_DOCS: 'a second document begins here; one is expected',
    MULTILINE_IMPLICIT_KEY: 'a line without `name: value` (is the space after the colon missing?)',
    BLOCK_AS_IMPLICIT_KEY: 'two `name: value` pairs in one line',
    MISSING_CHAR: 'a bracket, quote, comma or colon is missing',
    RESOURCE_EXHAUSTION: 'the nesting is too deep',
    TAG_RESOLVE_FAILED: 'YAML tags (!name) are not understood here',
  } as Readonly<Record<string, string>>,
  yamlOther: 'the text is not YAML',

  intentsShape: 'intents is not a list of names, nor names with a description each',
  intentsEmpty: 'intents names no intent',
  intentRule: (label: string) =>
    `${JSON.stringify(label.slice(0, 80))} cannot be an intent: 1 to 64 letters, digits, "_", ".", ":" or "-", ` +
    'beginning with a letter or a digit',
  intentTwice: (label: string) => `the intent ${JSON.stringify(label)} is listed twice`,
  intentDescription: (label: string) => `the description of ${JSON.stringify(label)} is not text`,

  swallowed: (name: string) => `${name} is not read: the line before it is no NAME=value and takes it along`,
  stray: (name: string, meant: string) => `${name} is no variable of botllm; did you mean ${meant}?`,
  plantedFile: (file: string) =>
    `left ${file} alone: anybody may write into its folder, and it belongs to neither you nor the folder's owner`,
  programInProject: (name: string) =>
    `${name} names a program to run, which a file that comes with a project may not do`,
  programHint: (variable: string, ownFolder: string) =>
    `take it out, and set ${variable} in the shell or in your own file: ${ownFolder}/botllm.config.yaml`,
  secretWithheld: (secret: string, address: string, file: string) =>
    `${secret} is not sent to the address that ${file} names (${address}): put both into one place to send it`,

  moreProblems: (count: number) =>
    `botllm config validate (${count} more ${count === 1 ? 'problem' : 'problems'})`,
});

/** What stands in a file that `config init` writes: others read it too, so it is English always. */
export const TEMPLATE = {
  head: [
    'Settings of botllm for this folder and those below it; take the # away where you change one.',
    'A command line option, a variable of the shell and .env win over this file, in this order;',
    'this file wins over the one in the user’s configuration folder. `botllm config show --sources` tells.',
  ],
  secret: 'better in .env or in the shell, because this file is often shared',
  default: (text: string) => `default: ${text}`,
  intents: [
    'The intents of your bot, for `botllm try intent`: a list of names, or names with a few words each.',
  ],
} as const;
