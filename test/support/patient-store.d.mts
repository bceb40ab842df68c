import type { Store } from '../../src/stores/contract.js';

export function patientStore(where: { folder?: string; url?: string }): Promise<Store>;
