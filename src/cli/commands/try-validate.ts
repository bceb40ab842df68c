import { BotllmError } from '../../errors.js';
import type { ValidationData } from '../../prompts/validate.js';
import { readText, textHint } from '../input.js';
import { messages } from '../messages.js';
import { fields, printable } from '../style.js';
import { tryCommand } from '../try.js';

export const tryValidate = tryCommand<ValidationData>({
  path: 'try validate',
  schema: 'try.validate',
  summary:
    'is an input what was asked for? A format in --expect is checked in code, the model words the reason',
  arguments: [{ name: '[text]', description: 'what the user typed, or - for standard input' }],
  options: [{ flags: '--expect <text>', description: 'what was asked for, in words' }],
  examples: [
    'botllm try validate "завтра в 3 дня" --expect "дата и время в формате YYYY-MM-DD HH:MM"',
    'botllm try validate "12" --expect "a whole number from 1 to 10" --json',
  ],
  lines: { first: 'expect' },
  config: async (ctx, { arguments: [text], options }) => {
    const { expect } = options as { expect?: string };
    if (!expect?.trim()) {
      throw new BotllmError('USAGE', messages.tryNeeds('--expect'), { hint: messages.tryExpectHint });
    }
    const userInput = await readText(text, ctx, textHint(`try validate --expect ${JSON.stringify(expect)}`));
    const { BotPromptConfigs } = await import('../../prompts/bot-prompt-configs.js');
    return BotPromptConfigs.smartValidateInput({ userInput, expectation: expect });
  },
  text: ({ valid, reason, suggestion }, style) =>
    fields(
      [
        ['valid', style.paint(valid ? 'green' : 'red', valid ? messages.tryYes : messages.tryNo)],
        ['reason', printable(reason)],
        ['suggestion', suggestion === '' ? undefined : printable(suggestion)],
      ],
      style,
    ),
});
