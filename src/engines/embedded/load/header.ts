import { closeSync, openSync, readSync } from 'node:fs';
import type { GgufFileInfo } from 'node-llama-cpp';
import type { BindingParts } from './binding-parts.js';

const WINDOW = 4 * 1024 * 1024;

/**
 * The header as the binding reads it, but at once: libuv's one worker is busy with the weights meanwhile, and
 * the binding's own reader takes a closure or three for every text of a vocabulary.
 * @throws when the file is no GGUF or ends too early
 */
export async function readHeader(parts: BindingParts, file: string): Promise<GgufFileInfo> {
  const fd = openSync(file, 'r');
  const { resolveReadOffset } = parts.GgufReadOffset;
  class FromDisk extends parts.GgufFileReader {
    override ensureHasByteRange(from: unknown, length: number): undefined {
      this.fill(resolveReadOffset(from).offset + length);
    }

    override readByteRange(from: unknown, length: number): Buffer {
      const at = this.take(from, length);
      return this._buffer.subarray(at, at + length);
    }

    override readUint32(from: unknown): number {
      const at = this.take(from, 4);
      return this._buffer.readUInt32LE(at);
    }

    override readInt32(from: unknown): number {
      const at = this.take(from, 4);
      return this._buffer.readInt32LE(at);
    }

    override readFloat32(from: unknown): number {
      const at = this.take(from, 4);
      return this._buffer.readFloatLE(at);
    }

    override readString(from: unknown): string {
      const lengthAt = this.take(from, 8);
      const length = Number(this._buffer.readBigUInt64LE(lengthAt));
      const at = this.take(from, length);
      return this._buffer.toString('utf8', at, at + length);
    }

    /** Moves over a range; the buffer may be another one afterwards. @returns where the range begins */
    private take(from: unknown, length: number): number {
      const at = resolveReadOffset(from);
      const begin = at.offset;
      this.fill(begin + length);
      at.moveBy(length);
      return begin;
    }

    private fill(end: number): void {
      while (end > this._buffer.length) {
        const more = Buffer.allocUnsafe(Math.max(WINDOW, end - this._buffer.length));
        const count = readSync(fd, more, 0, more.length, this._buffer.length);
        if (count === 0) throw new Error('the file ends within its header');
        this._buffer = Buffer.concat([this._buffer, more.subarray(0, count)]);
      }
    }
  }
  try {
    return await parts.parseGguf({ fileReader: new FromDisk(), logWarnings: false });
  } finally {
    closeSync(fd);
  }
}
