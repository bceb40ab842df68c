import type { HomeLayout } from '../../settings/home.js';
import { leftFailure } from './failure.js';
import { installed } from './find.js';
import type { ServiceLook, ServiceManager } from './manager.js';

/** What is known of a service that is installed. */
export interface ServiceFacts extends ServiceLook {
  name: string;
  file: string;
  /** Why its last start failed. */
  failure?: { code: string; message: string; detail?: string };
  /** Whether it runs while its user is not logged in; absent where that cannot be told. */
  lingers?: boolean;
}

/** Asks the manager; undefined: none is installed, and no program was run. */
export async function factsOf(
  manager: ServiceManager | null,
  layout: HomeLayout,
): Promise<ServiceFacts | undefined> {
  const found = await installed(manager, layout);
  if (found === null) return undefined;
  const { name, file } = found;
  const [look, lingers] = await Promise.all([found.look(), found.lingers()]);
  const left = look.state === 'failed' || look.state === 'waiting' ? leftFailure(layout) : null;
  const failure = left && {
    ...{ code: left.code, message: left.message },
    ...(left.detail === undefined ? {} : { detail: left.detail }),
  };
  return {
    ...{ name, file, ...look },
    ...(lingers === undefined ? {} : { lingers }),
    ...(failure ? { failure } : {}),
  };
}
