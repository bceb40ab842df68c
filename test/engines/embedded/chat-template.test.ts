import { describe, expect, it } from 'vitest';
import { importBinding } from '../../../src/engines/embedded/load/binding.js';
import { createChatTemplate } from '../../../src/engines/embedded/serve/chat-template.js';
import type { WireMessage } from '../../../src/openai-http/request-schemas.js';
import { WireError } from '../../../src/openai-http/wire-error.js';

const { jinja } = await importBinding(undefined);
const templateOf = (source: string | undefined, thinking = false) =>
  createChatTemplate({ jinja, source, bos: '<s>', eos: '</s>', thinking });
const chat = (source: string | undefined, thinking = false) => templateOf(source, thinking).render;

const messages: WireMessage[] = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: 'Привет' },
];

const GEMMA_LIKE =
  "{{ bos_token }}{% if messages[0]['role'] == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}" +
  "{% for m in messages %}{% if (m['role'] == 'user') != (loop.index0 % 2 == 0) %}" +
  "{{ raise_exception('Conversation roles must alternate') }}{% endif %}" +
  "<{{ m['role'] }}>{{ m['content'] }}</>{% endfor %}{% if add_generation_prompt %}<model>{% endif %}";

describe('the chat template of a model', () => {
  it('renders its own template with the tokens and the generation prompt', () => {
    const source =
      '{{ bos_token }}{% for m in messages %}[{{ m.role }}]{{ m.content }}{{ eos_token }}{% endfor %}{% if add_generation_prompt %}[go]{% endif %}';
    expect(chat(source)(messages)).toBe('<s>[system]Be brief.</s>[user]Привет</s>[go]');
  });

  it('tells the template that thinking is off, or on', () => {
    const source =
      '{{ messages[0].content }}{% if enable_thinking is defined and enable_thinking is false %}<think></think>{% endif %}';
    const user: WireMessage[] = [{ role: 'user', content: 'a' }];
    expect(chat(source)(user)).toBe('a<think></think>');
    expect(chat(source, true)(user)).toBe('a');
  });

  it('folds what the system says into the first user message where the template raises', () => {
    expect(chat(GEMMA_LIKE)(messages)).toBe('<s><user>Be brief.\n\nПривет</><model>');
  });

  it('folds it as well where the template drops the system role without a word', () => {
    const source = "{% for m in messages %}{% if m.role == 'user' %}[{{ m.content }}]{% endif %}{% endfor %}";
    expect(chat(source)(messages)).toBe('[Be brief.\n\nПривет]');
  });

  it('uses ChatML for a model without a template', () => {
    expect(chat(undefined)(messages)).toBe(
      '<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nПривет<|im_end|>\n<|im_start|>assistant\n',
    );
  });

  it('ends a turn at the end mark of the ChatML that it lent, which is no token of such a model', () => {
    expect(templateOf(undefined).stops).toEqual(['<|im_end|>']);
    expect(templateOf(GEMMA_LIKE).stops).toEqual([]);
  });

  it('turns what the template refuses into a 400', () => {
    const twice: WireMessage[] = [
      { role: 'user', content: 'a' },
      { role: 'user', content: 'b' },
    ];
    expect(() => chat(GEMMA_LIKE)(twice)).toThrow(WireError);
    expect(() => chat(GEMMA_LIKE)(twice)).toThrow(/must alternate/);
  });
});
