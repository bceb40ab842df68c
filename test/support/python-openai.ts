import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

/** Where `.ci/fetch-python-openai` puts OpenAI's client for Python, for PYTHONPATH. */
export const PYTHON_OPENAI = path.join(homedir(), '.cache', 'botllm-tests', 'python-openai-3.57.0');

/** Whether tests with it are to be skipped: it was not fetched, and this is not CI (there its absence is a failure). */
export const pythonIsMissing = !existsSync(PYTHON_OPENAI) && process.env.CI !== 'true';
if (pythonIsMissing)
  process.stderr.write(
    'skipped: tests with OpenAI’s client for Python; .ci/fetch-python-openai fetches it\n',
  );
