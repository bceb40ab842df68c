import type { WireMessage } from '../../../openai-http/request-schemas.js';
import { invalidRequest } from '../../../openai-http/wire-error.js';
import type { JinjaModule } from '../load/binding.js';
import { engineMessages } from '../messages.js';

/** What ends a turn in it. */
const CHATML_END = '<|im_end|>';
/** The layout that most small models were tuned on, for a file that carries no template of its own. */
const CHATML =
  "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '" +
  CHATML_END +
  "\\n' }}" +
  "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

export interface ChatTemplateOptions {
  jinja: JinjaModule;
  /** `tokenizer.chat_template` of the model file. */
  source: string | undefined;
  bos: string | null;
  eos: string | null;
  thinking: boolean;
}

export interface ChatTemplate {
  /** The prompt that the model was tuned on. @throws WireError 400 where the template refuses */
  render: (messages: WireMessage[]) => string;
  /**
   * What ends a turn beside the model's own end token: in ChatML that was lent to a model, the mark is no token of
   * its vocabulary, so it writes it as plain text and goes on with the next turn.
   */
  stops: readonly string[];
}

export function createChatTemplate(options: ChatTemplateOptions): ChatTemplate {
  const template = new options.jinja.Template(options.source ?? CHATML);
  const render = (messages: WireMessage[]) =>
    template.render({
      messages,
      add_generation_prompt: true,
      bos_token: options.bos ?? '',
      eos_token: options.eos ?? '',
      enable_thinking: options.thinking,
    });

  const rendered = (messages: WireMessage[]) => {
    try {
      const prompt = render(messages);
      const unheard = messages.some((m) => m.role === 'system' && !prompt.includes(m.content.trim()));
      return unheard ? render(foldSystem(messages)) : prompt;
    } catch (error) {
      if (!messages.some((m) => m.role === 'system')) throw refusal(error);
    }
    // Some templates (Gemma's) raise on a system role, others drop it without a word.
    try {
      return render(foldSystem(messages));
    } catch (error) {
      throw refusal(error);
    }
  };
  return { render: rendered, stops: options.source === undefined ? [CHATML_END] : [] };
}

/** Puts what the system said in front of what the user says first. */
export function foldSystem(messages: WireMessage[]): WireMessage[] {
  const system = messages.filter((m) => m.role === 'system').map((m) => m.content);
  const rest = messages.filter((m) => m.role !== 'system');
  const first = rest.findIndex((m) => m.role === 'user');
  if (first < 0) return [{ role: 'user', content: system.join('\n\n') }, ...rest];
  return rest.map((m, i) => (i === first ? { ...m, content: [...system, m.content].join('\n\n') } : m));
}

function refusal(error: unknown): Error {
  const reason = error instanceof Error ? error.message.slice(0, 200) : 'unknown';
  return invalidRequest(engineMessages.templateRefused(reason), 'messages', error);
}
