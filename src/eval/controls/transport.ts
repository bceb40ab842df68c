import type { Transport } from '../../client/transport/contract.js';
import { caseIdOf } from '../request-id.js';
import type { EvalCase, QualitySet } from '../set/cases.js';
import type { Control } from './contract.js';

/** A control in an engine's place: it goes the whole way of a model's answer, and is judged by the same graders. */
export function controlTransport(control: Control, set: QualitySet): Transport {
  const cases = new Map<string, EvalCase>(set.cases.map((one) => [one.id, one]));
  return {
    send: async ({ requestId }) => {
      const one = cases.get(caseIdOf(requestId));
      const content = one ? control.answer(one, set) : '';
      const message = { role: 'assistant', content };
      return {
        status: 200,
        header: () => null,
        body: { choices: [{ index: 0, message, finish_reason: 'stop' }] },
      };
    },
    stream: () => Promise.reject(new Error('a control does not stream')),
    close: () => Promise.resolve(),
  };
}
