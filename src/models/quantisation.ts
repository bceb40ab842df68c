/** A file of a repository, as far as the hub describes it. */
export interface RepoFile {
  file: string;
  bytes?: number;
  sha256?: string;
}

/**
 * In which order a quantisation is taken when nobody names one: four bits with the least loss first, then
 * what is larger and truer, then what is smaller and worse, unquantised files last.
 */
const ORDER = [
  ...[
    'Q4_K_M',
    'Q4',
    'Q4_K_S',
    'IQ4_XS',
    'IQ4_NL',
    'Q4_0',
    'Q4_1',
    'MXFP4',
    'Q5_K_M',
    'Q5_K_S',
    'Q5_0',
    'Q5_1',
  ],
  ...['Q6_K', 'Q8_0', 'Q8', 'Q3_K_L', 'Q3_K_M', 'Q3_K_S', 'IQ3_M', 'IQ3_XS', 'Q2_K', 'IQ2_M'],
  ...['BF16', 'F16', 'FP16', 'F32', 'FP32'],
];

const NAME = /(?:^|[-_.])(I?Q\d(?:_[0-9A-Z]+)*|MXFP4|BF16|FP?16|FP?32)$/i;

/** Q4_K_M of `Model-Q4_K_M.gguf`; undefined where a name says nothing of it. */
export function quantisationOf(file: string): string | undefined {
  return NAME.exec(file.replace(/\.gguf$/i, ''))?.[1]?.toUpperCase();
}

/** Models in one file that an engine can serve alone: no shards of a split one, no vision projectors. */
export function servable(files: readonly RepoFile[]): RepoFile[] {
  return files.filter(
    ({ file }) =>
      /\.gguf$/i.test(file) && !/-\d{5}-of-\d{5}\.gguf$/i.test(file) && !/(^|\/)mmproj/i.test(file),
  );
}

/** The file of the quantisation, or, where none is asked for, the first in the order above. */
export function pickGguf(files: readonly RepoFile[], quantisation: string | undefined): RepoFile | undefined {
  const found = servable(files).map((file) => ({ file, is: quantisationOf(file.file) }));
  const of = (name: string) => found.find(({ is }) => is === name)?.file;
  if (quantisation !== undefined) return of(quantisation.toUpperCase());
  for (const name of ORDER) {
    const file = of(name);
    if (file) return file;
  }
  return found[0]?.file;
}
