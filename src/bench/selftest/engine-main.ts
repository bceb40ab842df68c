import type { AddressInfo } from 'node:net';
import { machineNow } from '../load/clock.js';
import type { FromSynthetic } from './engine-process.js';
import { Script } from './script.js';
import { createSyntheticEngine } from './synthetic-engine.js';

/**
 * The synthetic engine as a process of its own: what it takes must not be taken from the process that measures. Its
 * script is its one argument; any message asks for what it served since the last.
 */
const script = Script.parse(JSON.parse(process.argv[2] ?? 'null'));
const { server, records } = createSyntheticEngine(script, machineNow);
const tell = (message: FromSynthetic) => void process.send?.(message);
process.on('disconnect', () => process.exit(0));
process.on('SIGINT', () => undefined);
process.on('message', () => tell({ type: 'served', records: records.splice(0) }));
server.listen(0, '127.0.0.1', () => tell({ type: 'ready', port: (server.address() as AddressInfo).port }));
