import path from 'node:path';
import type { Node, Pair } from 'yaml';
import { keyNamed, meantKey, shownKey } from './file-keys.js';
import { type ConfiguredIntents, IntentsRefusal, readIntents } from './intents.js';
import { MESSAGES } from './messages.js';
import type { Problem } from './problem.js';
import type { Given, GivenValues, LayerName, Suggest } from './source.js';
import { SETTINGS, type SettingKey } from './table.js';

/** Well above any configuration: the parser needs seconds and gigabytes for a hostile megabyte. */
export const CONFIG_LIMIT_BYTES = 64 * 1024;

const INTENTS_KEY = 'intents';

type Yaml = typeof import('yaml');

/** What a configuration file says. With a mistake in its grammar it says nothing. */
export interface FileContent {
  values: GivenValues;
  intents?: ConfiguredIntents;
  problems: Problem[];
}

/**
 * Reads the text of a configuration file. JSON goes through the same parser, because it is YAML and because
 * the parser knows lines. Nothing of the text but names gets into a message: a file may hold secrets.
 */
export async function readConfigText(
  file: string,
  text: string,
  layer: LayerName,
  suggest: Suggest,
): Promise<FileContent> {
  const yaml = await import('yaml');
  const lines = new yaml.LineCounter();
  // Its pretty errors quote the source.
  const doc = yaml.parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const nothing = (message: string, offset?: number): FileContent => {
    const line = offset === undefined ? undefined : lines.linePos(offset).line;
    return { values: new Map(), problems: [{ file, line, message }] };
  };
  const fault = doc.errors[0] ?? doc.warnings[0];
  if (path.extname(file) === '.json' && !isJson(text)) return nothing(MESSAGES.notJson, fault?.pos[0]);
  if (fault) return nothing(MESSAGES.yaml[fault.code] ?? MESSAGES.yamlOther, fault.pos[0]);
  if (isEmpty(doc.contents, yaml)) return { values: new Map(), problems: [] };
  if (!yaml.isMap(doc.contents)) return nothing(MESSAGES.notAMap, doc.contents?.range?.[0]);
  return new ConfigReader(file, layer, suggest, yaml, lines).read(doc.contents.items as FilePair[]);
}

type FilePair = Pair<Node | null, Node | null>;

/** Walks the `name: value` pairs of one file. */
class ConfigReader {
  private readonly values = new Map<SettingKey, Given>();
  private readonly problems: Problem[] = [];
  private intents: ConfiguredIntents | undefined;

  constructor(
    private readonly file: string,
    private readonly layer: LayerName,
    private readonly suggest: Suggest,
    private readonly yaml: Yaml,
    private readonly lines: InstanceType<Yaml['LineCounter']>,
  ) {}

  read(pairs: readonly FilePair[]): FileContent {
    for (const { key, value } of pairs) {
      const name = this.yaml.isScalar(key) ? String(key.value) : undefined;
      if (name === undefined) this.refuse(undefined, key, MESSAGES.badKey);
      else if (name !== INTENTS_KEY) this.readSetting(name, key, value);
      else if (!isEmpty(value, this.yaml)) this.readIntents(value);
    }
    const { values, problems, intents } = this;
    return { values, problems, ...(intents ? { intents } : {}) };
  }

  private readSetting(name: string, at: Node | null, value: Node | null): void {
    const key = keyNamed(name);
    if (key === undefined) {
      const detail = meantKey(name, [INTENTS_KEY], this.suggest);
      this.refuse(name, at, MESSAGES.unknownKey(shownKey(name)), { detail, hint: MESSAGES.allKeys });
      return;
    }
    const other = this.values.get(key)?.source.name;
    if (other !== undefined) this.refuse(name, at, MESSAGES.keyTwice(name, other));
    else if (this.yaml.isScalar(value)) {
      if (isEmpty(value, this.yaml)) return;
      // A number keeps its spelling, so that 1e3 and 0x10 are refused here as they are in a variable.
      const text = typeof value.value === 'string' ? value.value : (value.source ?? String(value.value));
      const line = this.lineOf(at);
      const { layer, file } = this;
      this.values.set(key, { text, source: { layer, name, file, ...(line ? { line } : {}) } });
    } else if (value !== null) {
      const shape = this.yaml.isAlias(value) ? 'anAlias' : this.yaml.isSeq(value) ? 'aList' : 'aMap';
      this.refuse(name, at, MESSAGES.notScalar(name, MESSAGES[shape], SETTINGS[key].kind.range));
    }
  }

  private readIntents(value: Node | null): void {
    const intents = readIntents(value, this.yaml);
    if (intents instanceof IntentsRefusal) this.refuse(INTENTS_KEY, intents.node ?? value, intents.message);
    else this.intents = intents;
  }

  private refuse(name: string | undefined, at: Node | null, message: string, more: object = {}): void {
    const { file } = this;
    this.problems.push({ file, line: this.lineOf(at), name: name && shownKey(name), message, ...more });
  }

  private lineOf(node: Node | null): number | undefined {
    return node?.range ? this.lines.linePos(node.range[0]).line : undefined;
  }
}

/** `key:` with nothing after it counts as unset, as an empty variable does. */
function isEmpty(node: Node | null, yaml: Yaml): boolean {
  return node === null || (yaml.isScalar(node) && (node.value === null || node.value === ''));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
