import { main } from './main.js';

/** `botllm serve` as the child of a measurement: it ends with its parent, however that ends. */
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
// Listening for the parent's end is no reason to stay.
process.channel?.unref();
await main();
