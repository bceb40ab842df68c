const DEFAULT_ENDPOINT = 'https://huggingface.co';

/** The endpoint without a slash at its end; a mirror may live below a path. */
export const hubEndpoint = (endpoint: string | undefined): string =>
  (endpoint ?? DEFAULT_ENDPOINT).replace(/\/+$/, '');

/** Where a repository, or a file of it, lies on the hub. */
export function hubAddress(endpoint: string | undefined, repo: string, file?: string): string {
  const base = `${hubEndpoint(endpoint)}/${repo}`;
  return file === undefined
    ? base
    : `${base}/resolve/main/${file.split('/').map(encodeURIComponent).join('/')}`;
}

/** Where the hub describes a repository: its files with sizes and hashes, its licence, its gate. */
export const hubApiAddress = (endpoint: string | undefined, repo: string): string =>
  `${hubEndpoint(endpoint)}/api/models/${repo}?blobs=true`;
