export type Action =
  | 'quit'
  | 'help'
  | 'next-view'
  | 'view'
  | 'up'
  | 'down'
  | 'page-up'
  | 'page-down'
  | 'first'
  | 'last'
  | 'open'
  | 'filter'
  | 'back'
  | 'pause'
  | 'slower'
  | 'faster'
  | 'remove';

export interface Key {
  /** As the terminal names it: a letter, or `tab`, `escape`, `return`, `upArrow` …, `ctrl+c`. */
  keys: readonly string[];
  action: Action;
  /** How it is written where keys are listed. */
  shown: string;
  meaning: string;
  /** Changes something, so that `--read-only` takes it away. */
  changes?: true;
}

/** The one table of keys: what they do, the help on the screen, README's table and the tests come from it. */
export const KEYS: readonly Key[] = [
  { keys: ['q', 'ctrl+c'], action: 'quit', shown: 'q', meaning: 'leave' },
  { keys: ['?', 'h'], action: 'help', shown: '?', meaning: 'show or hide the keys' },
  { keys: ['1', '2', '3', '4', '5', '6'], action: 'view', shown: '1-6', meaning: 'go to a screen' },
  { keys: ['tab'], action: 'next-view', shown: 'Tab', meaning: 'the next screen' },
  { keys: ['k', 'upArrow'], action: 'up', shown: 'k ↑', meaning: 'one line up' },
  { keys: ['j', 'downArrow'], action: 'down', shown: 'j ↓', meaning: 'one line down' },
  { keys: ['pageUp'], action: 'page-up', shown: 'PgUp', meaning: 'a page up' },
  { keys: ['pageDown'], action: 'page-down', shown: 'PgDn', meaning: 'a page down' },
  { keys: ['g'], action: 'first', shown: 'g', meaning: 'the first line' },
  { keys: ['G'], action: 'last', shown: 'G', meaning: 'the last line; logs go on with what comes' },
  { keys: ['return'], action: 'open', shown: 'Enter', meaning: 'the events of the chosen request' },
  { keys: ['/'], action: 'filter', shown: '/', meaning: 'only lines with this text' },
  { keys: ['escape'], action: 'back', shown: 'Esc', meaning: 'back, or no filter' },
  { keys: ['p'], action: 'pause', shown: 'p', meaning: 'hold the screens, or let them go on' },
  { keys: ['+'], action: 'faster', shown: '+', meaning: 'look more often' },
  { keys: ['-'], action: 'slower', shown: '-', meaning: 'look less often' },
  {
    keys: ['d'],
    action: 'remove',
    shown: 'd',
    meaning: "remove the chosen group's answers, or forget the chosen user's calls (asks first)",
    changes: true,
  },
];

export function keyFor(name: string, readOnly: boolean): Key | undefined {
  return KEYS.find(({ keys, changes }) => keys.includes(name) && !(readOnly && changes));
}
