/** A module of what was built: what starts a process of its own finds the other half beside it. */
export function built<T>(path: string): Promise<T> {
  return import(new URL(`../../dist/${path}`, import.meta.url).href) as Promise<T>;
}
