/** Of a module of the library as it is published: what a test runner makes of its sources runs slower. */
export function built<T>(path: string): Promise<T> {
  return import(new URL(`../dist/${path}`, import.meta.url).href) as Promise<T>;
}

export const botllm = await built<typeof import('../src/index.js')>('index.js');
export const { openStore } = await built<typeof import('../src/stores/open.js')>('stores/open.js');
