import type { Llama, LlamaGrammar } from 'node-llama-cpp';
import type { WireResponseFormat } from '../../../openai-http/request-schemas.js';
import { invalidRequest } from '../../../openai-http/wire-error.js';
import { engineMessages } from '../messages.js';
import { toGrammarSchema } from './grammar-schema.js';

/** Grammars of the schemas that a bot uses over and over; compiling one costs more than a token. */
const CACHED = 64;

/** Gives the grammar that holds an answer to a response format, or null for plain text. */
export class Grammars {
  private readonly cache = new Map<string, LlamaGrammar>();

  constructor(private readonly llama: Llama) {}

  async for(format: WireResponseFormat | null | undefined): Promise<LlamaGrammar | null> {
    if (!format || format.type === 'text') return null;
    const schema = format.type === 'json_schema' ? format.json_schema.schema : format.schema;
    const key = schema ? JSON.stringify(schema) : '';
    const known = this.cache.get(key);
    if (known) {
      this.cache.delete(key);
      this.cache.set(key, known);
      return known;
    }
    const grammar = schema ? await this.compile(schema) : await this.llama.getGrammarFor('json');
    this.cache.set(key, grammar);
    const oldest = this.cache.keys().next();
    if (this.cache.size > CACHED && !oldest.done) this.cache.delete(oldest.value);
    return grammar;
  }

  private async compile(schema: Record<string, unknown>): Promise<LlamaGrammar> {
    const grammarSchema = toGrammarSchema(schema);
    try {
      return await this.llama.createGrammarForJsonSchema(
        grammarSchema as Parameters<Llama['createGrammarForJsonSchema']>[0],
      );
    } catch (cause) {
      throw invalidRequest(engineMessages.schemaRejected, 'response_format', cause);
    }
  }
}
