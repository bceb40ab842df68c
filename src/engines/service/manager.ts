import type { ServicePlan } from './plan.js';

/** What a service manager says of the unit. `waiting`: it failed, and is started again after a pause. */
export interface ServiceLook {
  state: 'running' | 'starting' | 'stopping' | 'waiting' | 'failed' | 'stopped';
  /** Restarts after a failure since it was started. */
  restarts?: number;
  /** With which code its last run ended. */
  exitCode?: number;
}

/** What keeps a command of this user running: systemd's user instance, or launchd. */
export interface ServiceManager {
  readonly kind: 'systemd' | 'launchd';
  /** What the unit is called. */
  readonly name: string;
  /** Where its file lies. */
  readonly file: string;
  /** What the file holds that this plan asks for. */
  text(plan: ServicePlan): Promise<string>;
  /** The line in a file that says for which home it was written. */
  mark(home: string): string;
  /** @throws BotllmError `MISSING_PREREQUISITE` where this user has none that answers */
  require(): Promise<void>;
  look(): Promise<ServiceLook>;
  /** Reads the file anew, lets it start with the user's sessions, and starts or restarts it now. */
  start(): Promise<void>;
  /** Stops it until the next `start`, or the next login. @param waitMs longest wait before it is killed */
  stop(waitMs: number): Promise<void>;
  /** Forgets a unit that was stopped and whose file is about to go. */
  disable(): Promise<void>;
  /** After its file is gone. */
  reload(): Promise<void>;
  /** Whether it runs while the user is not logged in; undefined: cannot be told. */
  lingers(): Promise<boolean | undefined>;
}
