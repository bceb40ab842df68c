import type { CommandSpec } from '../define.js';
import { down } from './down.js';
import { health } from './health.js';
import { logs } from './logs.js';
import { models } from './models.js';
import { status } from './status.js';
import { tryIntent } from './try-intent.js';
import { up } from './up.js';

/** Every command, in the order in which help lists them. */
export const COMMANDS: readonly CommandSpec[] = [up, down, status, health, logs, tryIntent, models];
