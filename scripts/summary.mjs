/** The last line of `npm test`: `N passed, N failed`, with `, N skipped` when there are any. Other programs read it. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * @param failedChecks names of the checks that failed before the tests; each counts as one failure
 * @param [runTests] runs jest, which leaves its counts in the given file; returns its exit code; left out when nothing could run
 */
export function summary(failedChecks, runTests) {
  const folder = mkdtempSync(join(tmpdir(), 'troupe-test-'))
  const file = join(folder, 'count.json')
  const code = runTests?.(file) ?? 1
  const counted = existsSync(file) && JSON.parse(readFileSync(file, 'utf8'))
  rmSync(folder, { recursive: true, force: true })
  if (!counted && code === 0) return 0 // such as --listTests
  const { passed, failed, skipped } = counted || { passed: 0, failed: runTests ? 1 : 0, skipped: 0 }
  for (const check of failedChecks) console.error(`failed: ${check}`)
  const silent = code !== 0 && failed === 0 && runTests ? 1 : 0 // jest failed for a reason that it did not count
  const total = failed + silent + failedChecks.length
  console.log(`${passed} passed, ${total} failed${skipped ? `, ${skipped} skipped` : ''}`)
  return total > 0 ? 1 : 0
}
