import type { Document, Node, Scalar } from 'yaml';
import { BotllmError, isBotllmError } from '../errors.js';
import { parseReplyTemplate, REPLY_TEMPLATE } from './action.js';
import { MESSAGES } from './messages.js';
import type { ParseMode } from './parse-modes.js';

/** One message in a bot's specification. */
export interface SpecMessage {
  /** Where its text stands, e.g. `screens.0.actions.1.params.text`. */
  path: string;
  /** Counted from 1. */
  line: number;
  text: string;
  parseMode: ParseMode | undefined;
  tone: string | undefined;
  /** Its action says `llm_improve: false`. */
  refused: boolean;
  /** The text as the source has it, quotes included. */
  range: readonly [from: number, to: number];
}

/**
 * Finds every `action.reply_template.v1` in a specification, JSON or YAML, wherever it stands.
 * @throws BotllmError `INVALID_REQUEST` for what cannot be read, or an action that is not right: path and line named
 */
export async function findMessages(source: string, format: 'json' | 'yaml'): Promise<SpecMessage[]> {
  if (format === 'json') checkJson(source);
  const { isMap, isScalar, LineCounter, parseAllDocuments, visit } = await import('yaml');
  const lines = new LineCounter();
  const documents = parseAllDocuments(source, { lineCounter: lines, prettyErrors: true });
  const found: SpecMessage[] = [];
  for (const document of 'empty' in documents ? [] : documents) {
    const [fault] = document.errors;
    if (fault) throw unreadable(fault.message.split('\n')[0] ?? '', fault);
    visit(document, {
      Map(_, node, above) {
        if (node.get('type') !== REPLY_TEMPLATE) return;
        const path = pathOf([...above, node]);
        const line = lines.linePos(node.range?.[0] ?? 0).line;
        const { params } = checked(node.toJS(document as Document), path, line);
        const text: unknown = node.getIn(['params', 'text'], true);
        // One that stands elsewhere in the document has no text of its own.
        if (!isMap(node.get('params')) || !isScalar(text)) return;
        found.push({
          path: [...path, 'params', 'text'].join('.'),
          line: lines.linePos(rangeOf(text)[0]).line,
          text: params.text,
          parseMode: params.parse_mode,
          tone: params.tone,
          refused: params.llm_improve === false,
          range: rangeOf(text),
        });
      },
    });
  }
  return found;
}

/** The specification with some texts changed, and every other letter as it was. */
export function withTexts(
  source: string,
  changes: readonly { range: SpecMessage['range']; text: string }[],
): string {
  let changed = '';
  let from = 0;
  for (const { range, text } of changes.toSorted((a, b) => a.range[0] - b.range[0])) {
    // What a block of YAML takes up reaches to the end of its last line.
    const end = source[range[1] - 1] === '\n' ? '\n' : '';
    // A text of JSON is one of YAML as well.
    changed += `${source.slice(from, range[0])}${JSON.stringify(text)}${end}`;
    from = range[1];
  }
  return changed + source.slice(from);
}

function checkJson(source: string): void {
  try {
    JSON.parse(source.replace(/^\ufeff/, ''));
  } catch (cause) {
    throw unreadable((cause as Error).message, cause);
  }
}

function checked(action: unknown, path: readonly string[], line: number) {
  try {
    return parseReplyTemplate(action);
  } catch (cause) {
    if (!isBotllmError(cause)) throw cause;
    throw new BotllmError(cause.code, MESSAGES.inSpec(path.join('.'), line), {
      detail: cause.message,
      hint: cause.hint,
      cause,
    });
  }
}

/** Keys and indexes from a document's top down to the last of these nodes. */
function pathOf(nodes: readonly unknown[]): string[] {
  const path: string[] = [];
  nodes.forEach((node, depth) => {
    const below = nodes[depth + 1];
    if (isPair(node)) path.push(String((node.key as Scalar | null)?.value ?? node.key));
    else if (isCollection(node) && !isPair(below)) {
      const index = node.items.indexOf(below);
      if (index >= 0) path.push(String(index));
    }
  });
  return path;
}

function isPair(node: unknown): node is { key: unknown } {
  return typeof node === 'object' && node !== null && 'key' in node && 'value' in node;
}

function isCollection(node: unknown): node is { items: unknown[] } {
  return typeof node === 'object' && node !== null && 'items' in node && Array.isArray(node.items);
}

function rangeOf({ range }: Node): readonly [number, number] {
  return [range?.[0] ?? 0, range?.[1] ?? 0];
}

function unreadable(why: string, cause: unknown): BotllmError {
  return new BotllmError('INVALID_REQUEST', MESSAGES.unreadableSpec, { detail: why, cause });
}
