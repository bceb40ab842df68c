import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes most of a minute or more, the longest first: of what starts last, one would work while others are done. */
const LONGEST = [
  'test/e2e/intents.real.test.ts',
  'test/bench/bench.real.test.ts',
  'test/e2e/container-switch.test.ts',
  'test/e2e/service.test.ts',
  'test/bench/capacity/capacity.fault.test.ts',
  'test/e2e/bench-containers.test.ts',
  'test/e2e/readme.test.ts',
  'test/e2e/compose.test.ts',
  'test/engines/contract/speech.real.test.ts',
  'test/e2e/try.test.ts',
  'test/e2e/cache.test.ts',
  'test/e2e/lifecycle.test.ts',
  'test/client/soak.fault.test.ts',
  'test/client/garbage.fault.test.ts',
  'test/e2e/doctor.test.ts',
  'test/e2e/native.test.ts',
  'test/stores/redis-down.fault.test.ts',
  'test/e2e/models.test.ts',
  'test/e2e/top.test.ts',
];

/** Begins with the files that take longest, the others as Vitest would have them. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rank = ({ moduleId }: TestSpecification) => {
      const place = LONGEST.findIndex((name) => moduleId.endsWith(`/${name}`));
      return place < 0 ? LONGEST.length : place;
    };
    return [...sorted].sort((a, b) => rank(a) - rank(b));
  }
}
