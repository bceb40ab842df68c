import { describe, expect, test } from 'vitest';
import { confirm } from '../../src/cli/confirm.js';
import { BotllmError } from '../../src/errors.js';
import { Typist } from '../support/typist.js';

const asked = (typist: Typist) => confirm(typist.ctx, 'Forgets them all', 'botllm limits reset --all --yes');

describe('a question', () => {
  test.each([
    ['y\n', true],
    ['Yes\n', true],
    [' д \n', true],
    ['ДА\n', true],
    ['\n', false],
    ['n\n', false],
    ['yesterday\n', false],
    ['да нет\n', false],
  ])('%j is a yes: %s', async (typed, expected) => {
    const typist = new Typist();
    const answer = asked(typist);
    expect(typist.text).toContain('Forgets them all. Go on? [y/N] ');
    typist.press(typed);
    expect(await answer).toBe(expected);
    expect(typist.isHeard).toBe(false);
  });

  test('may follow another', async () => {
    const typist = new Typist();
    for (const typed of ['y\n', 'n\n', 'y\n']) {
      const answer = asked(typist);
      typist.press(typed);
      expect(await answer).toBe(typed === 'y\n');
    }
  });

  test('Ctrl-D is a no', async () => {
    const typist = new Typist();
    const answer = asked(typist);
    typist.hangUp();
    expect(await answer).toBe(false);
  });

  test('Ctrl-C ends the command, and leaves the keyboard alone', async () => {
    const typist = new Typist();
    const answer = asked(typist);
    typist.terminate(new BotllmError('INTERRUPTED', 'Interrupted'));
    await expect(answer).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(typist.isHeard).toBe(false);
  });

  test.each([
    ['with JSON', {}, { json: true }],
    ['with --no-input', { mayAsk: false }, {}],
    ['where nobody types', { stdin: () => new Typist().pipe() }, {}],
    ['where nobody reads', { stderr: { write: () => true, isTTY: false } }, {}],
  ])('%s is not asked: an error names the way without it', async (_, world, options) => {
    const typist = new Typist(world, options);
    await expect(asked(typist)).rejects.toMatchObject({
      code: 'USAGE',
      hint: 'botllm limits reset --all --yes',
    });
    expect(typist.isHeard).toBe(false);
  });
});
