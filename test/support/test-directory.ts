import type { Test } from 'tap'

/**
 * A directory of the test, which is removed after all its teardowns. tap's own `testdir` is removed before the teardowns
 * that are the first to be registered after it, while the processes that they end still write to it.
 */
export function testDirectory(
  t: Pick<Test, 'teardown' | 'testdir'>,
  content?: Parameters<Test['testdir']>[0],
): string {
  t.teardown(() => undefined)
  return t.testdir(content)
}
