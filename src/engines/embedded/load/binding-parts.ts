import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { GgufFileInfo, GgufInsights, Llama, LlamaModel } from 'node-llama-cpp';
import type { GrammarModule } from './binding.js';
import type { BindingPlace } from './binding-place.js';

/** A model whose weights are not there yet; these fields are the binding's own, of this very version. */
export type UnloadedModel = LlamaModel & {
  _fileInfo: GgufFileInfo;
  _fileInsights: GgufInsights;
  readonly _model: { init(): Promise<boolean>; abortActiveModelLoad(): void };
};

/** Reads a header from memory: the base class asks for ranges and parses what lies in its buffer. */
export interface HeaderReader {
  _buffer: Buffer;
  ensureHasByteRange(offset: unknown, length: number): undefined;
  readByteRange(offset: unknown, length: number): Buffer;
  readUint32(offset: unknown): number;
  readInt32(offset: unknown): number;
  readFloat32(offset: unknown): number;
  readString(offset: unknown): string;
}

/** What the binding's `getLlama` and `loadModel` are made of. Not public: only for the version that is known. */
export interface BindingParts extends GrammarModule {
  Llama: { _create(options: Record<string, unknown>): Promise<Llama> };
  LlamaModel: new (options: object, internals: object) => UnloadedModel;
  GgufInsights: typeof GgufInsights;
  LlamaLogLevel: typeof import('node-llama-cpp').LlamaLogLevel;
  parseGguf(options: { fileReader: HeaderReader; logWarnings: boolean }): Promise<GgufFileInfo>;
  GgufFileReader: new () => HeaderReader;
  GgufReadOffset: { resolveReadOffset(offset: unknown): { offset: number; moveBy(count: number): void } };
  getGpuTypesToUseForOption(gpu: 'auto'): Promise<unknown[]>;
}

const FILES: Readonly<Record<keyof BindingParts, string>> = {
  Llama: 'bindings/Llama.js',
  LlamaModel: 'evaluator/LlamaModel/LlamaModel.js',
  GgufInsights: 'gguf/insights/GgufInsights.js',
  LlamaLogLevel: 'bindings/types.js',
  LlamaGrammarEvaluationState: 'evaluator/LlamaGrammarEvaluationState.js',
  parseGguf: 'gguf/parser/parseGguf.js',
  GgufFileReader: 'gguf/fileReaders/GgufFileReader.js',
  GgufReadOffset: 'gguf/utils/GgufReadOffset.js',
  getGpuTypesToUseForOption: 'bindings/utils/getGpuTypesToUseForOption.js',
};

/** Imports them without the 90 further modules of the binding's entry. @throws when one is not there */
export async function importParts({ dist }: BindingPlace): Promise<BindingParts> {
  const found = await Promise.all(
    Object.entries(FILES).map(async ([name, file]) => {
      const part = (await import(pathToFileURL(path.join(dist, file)).href))[name];
      if (part === undefined) throw new Error(`the binding has no ${name}`);
      return [name, part] as const;
    }),
  );
  return Object.fromEntries(found) as unknown as BindingParts;
}
