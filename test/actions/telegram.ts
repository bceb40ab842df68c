/**
 * How Telegram reads a message in each parse mode: the rules of core.telegram.org/bots/api#formatting-options, in the
 * strictness of its server. What it refuses there is thrown here.
 */
export interface Entity {
  type: string;
  text: string;
  address?: string;
}
export interface Seen {
  text: string;
  entities: Entity[];
}

interface Open {
  type: string;
  from: number;
}

const BEGINS: Readonly<Record<string, string>> = {
  '*': 'bold',
  _: 'italic',
  '~': 'strike',
  '[': 'link',
  '`': 'code',
};
const LETTERS = {
  bold: '*',
  italic: '_',
  strike: '~',
  underline: '__',
  spoiler: '||',
  code: '`',
  pre: '```',
};

export function readMarkdownV2(source: string): Seen {
  let text = '';
  const entities: Entity[] = [];
  const open: Open[] = [];
  const begin = (type: string) => open.push({ type, from: text.length });
  for (let i = 0; i < source.length; i++) {
    const c = source[i] ?? '';
    const next = source.charCodeAt(i + 1);
    const top = open.at(-1);
    if (c === '\\' && next > 0 && next < 127) {
      text += source[++i];
      continue;
    }
    const inCode = top?.type === 'code' || top?.type === 'pre';
    if (inCode ? c !== '`' : !'_*[]()~`>#+-=|{}.!'.includes(c)) {
      text += c;
      continue;
    }
    const letters = top && LETTERS[top.type as keyof typeof LETTERS];
    const ends =
      top &&
      (top.type === 'italic'
        ? c === '_' && source[i + 1] !== '_'
        : letters === undefined
          ? c === ']'
          : source.startsWith(letters, i));
    if (ends && top) {
      open.pop();
      let address: string | undefined;
      if (letters !== undefined) i += letters.length - 1;
      else if (source[i + 1] === '(') {
        address = '';
        for (i += 2; source[i] !== ')'; i++) {
          if (i >= source.length) throw new Error('no end of the address');
          if (source[i] === '\\' && source.charCodeAt(i + 1) > 0 && source.charCodeAt(i + 1) < 127) i++;
          address += source[i];
        }
      }
      note(entities, top, text, address);
      continue;
    }
    if (inCode) {
      text += c;
    } else if (source.startsWith('__', i)) {
      begin('underline');
      i++;
    } else if (source.startsWith('||', i)) {
      begin('spoiler');
      i++;
    } else if (source.startsWith('```', i)) {
      begin('pre');
      i += 2;
    } else if (BEGINS[c]) begin(BEGINS[c]);
    else throw new Error(`${c} is reserved`);
  }
  if (open.length > 0) throw new Error(`no end of ${open.at(-1)?.type}`);
  return { text, entities };
}

export function readMarkdown(source: string): Seen {
  let text = '';
  const entities: Entity[] = [];
  for (let i = 0; i < source.length; i++) {
    const c = source[i] ?? '';
    if (c === '\\' && '_*`['.includes(source[i + 1] ?? 'x')) {
      text += source[++i];
      continue;
    }
    if (!'_*`['.includes(c)) {
      text += c;
      continue;
    }
    const fence = source.startsWith('```', i) ? '```' : c === '[' ? ']' : c;
    const start = i + (fence === '```' ? 3 : 1);
    const end = source.indexOf(fence, start);
    if (end < 0) throw new Error(`no end of ${fence}`);
    const opened = { type: fence === ']' ? 'link' : fence, from: text.length };
    text += source.slice(start, end);
    i = end + fence.length - 1;
    let address: string | undefined;
    if (fence === ']' && source[i + 1] === '(') {
      const close = source.indexOf(')', i + 2);
      if (close < 0) throw new Error('no end of the address');
      address = source.slice(i + 2, close);
      i = close;
    } else if (fence === ']') throw new Error('no address: its text would be taken for one');
    note(entities, opened, text, address);
  }
  return { text, entities };
}

const TAGS = [
  'b',
  'strong',
  'i',
  'em',
  'u',
  'ins',
  's',
  'strike',
  'del',
  'a',
  'code',
  'pre',
  'blockquote',
  'tg-spoiler',
];
const ENTITIES: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&amp;': '&',
  '&quot;': '"',
  '&#39;': "'",
};

export function readHtml(source: string): Seen {
  let text = '';
  const entities: Entity[] = [];
  const open: (Open & { address?: string | undefined })[] = [];
  const decode = (raw: string) =>
    raw.replace(/&(?:lt|gt|amp|quot|#39);/g, (entity) => ENTITIES[entity] ?? entity);
  for (let i = 0; i < source.length; i++) {
    if (source[i] !== '<') {
      const entity = /^&(?:lt|gt|amp|quot|#39);/.exec(source.slice(i, i + 7))?.[0];
      text += entity ? ENTITIES[entity] : source[i];
      if (entity) i += entity.length - 1;
      continue;
    }
    const tag =
      /^<(\/?)([a-zA-Z-]+)((?:\s+[a-zA-Z-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[\w.:/?=#%-]+))?)*)\s*>/.exec(
        source.slice(i),
      );
    if (!tag) throw new Error(`unsupported start tag at ${i}`);
    const [whole, slash, name = '', attributes = ''] = tag;
    if (slash) {
      const top = open.pop();
      if (top?.type !== name.toLowerCase()) throw new Error(`unmatched end tag ${name}`);
      note(entities, top, text, top.address);
    } else {
      const spoiler = name.toLowerCase() === 'span' && /class\s*=\s*["']?tg-spoiler/.test(attributes);
      if (!TAGS.includes(name.toLowerCase()) && !spoiler) throw new Error(`unsupported start tag ${name}`);
      const address = /href\s*=\s*(?:"([^"]*)"|'([^']*)')/i.exec(attributes);
      open.push({
        type: name.toLowerCase(),
        from: text.length,
        address: address ? decode(address[1] ?? address[2] ?? '') : undefined,
      });
    }
    i += whole.length - 1;
  }
  if (open.length > 0) throw new Error(`no end tag of ${open.at(-1)?.type}`);
  return { text, entities };
}

function note(entities: Entity[], { type, from }: Open, text: string, address: string | undefined): void {
  if (text.length > from) {
    entities.push({ type, text: text.slice(from), ...(address !== undefined && { address }) });
  }
}
