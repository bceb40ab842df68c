import { inLanguage } from '../../language.js';

/** What the keeping of single requests says to people. */
export const messages = inLanguage('bench/records', {
  detailNeedsJson: (file: string) => `Single requests are kept beside a JSON report, and ${file} is none`,
  detailNeedsJsonHint: 'botllm bench --save-detailed -o report.json, or -o a-folder/',
  noRequests: (file: string) => `${file} names no file of requests`,
  noRequestsHint: 'botllm bench -o a-folder/, or --save-detailed, keeps them',
  notReadable: (file: string) => `The requests in ${file} cannot be read`,
  brokenLine: (file: string, line: number) => `Line ${line} of ${file} is no request of a report`,
  otherReport: (file: string, found: string, wanted: string) =>
    `The requests in ${file} are of report ${found}, not ${wanted}`,
});
