import { factsOf } from '../../engines/service/facts.js';
import { serviceManager } from '../../engines/service/find.js';
import { serviceMessages as SAY } from '../../engines/service/messages.js';
import { type Check, fail, ok, skip, warn } from '../check.js';

/** What `up --service` has installed, where it has. */
export const service: Check = {
  id: 'service',
  look: async ({ run, env, layout }) => {
    const facts = await factsOf(serviceManager({ run, env, layout }), layout);
    if (facts === undefined) return skip(SAY.notInstalled);
    const { name, state, restarts = 0, lingers, failure } = facts;
    if (state === 'failed' || state === 'waiting')
      return fail(SAY.fails(name, failure?.message), 'botllm logs');
    if (state === 'stopped') return warn(SAY.isStopped(name), 'botllm up');
    return lingers === false
      ? warn(SAY.endsWithSession(name), 'loginctl enable-linger')
      : ok(SAY.runs(name, restarts));
  },
};
