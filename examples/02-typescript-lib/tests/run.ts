import { caseTests } from "./case_test.ts";
import { wordsTests } from "./words_test.ts";

/** Run the tests whose name contains `filter`, and say how each ended. */
export function runTests(filter: string): { passed: number; failed: number } {
  let passed = 0;
  let failed = 0;
  for (const [name, test] of Object.entries({ ...wordsTests, ...caseTests })) {
    if (!name.includes(filter)) continue;
    try {
      test();
      passed++;
      console.log(`ok      ${name}`);
    } catch (error) {
      failed++;
      console.log(`FAILED  ${name}\n${(error as Error).message}`);
    }
  }
  return { passed, failed };
}
