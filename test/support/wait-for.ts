import { setTimeout as delay } from 'node:timers/promises'

/**
 * Waits until a condition holds, and returns its value.
 *
 * @param message names the event in the error, for example `the job is finished`
 * @param condition holds when it returns a value that is neither false, null nor undefined; it may be asynchronous
 * @throws Error when the condition does not hold within `withinMs` (30 seconds by default: a bound for a machine under
 * load, and no measure of the service)
 */
export async function waitFor<T>(
  message: string,
  condition: () => T | Promise<T>,
  { withinMs = 30_000, everyMs = 20 } = {},
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const value = await condition()
    if (value !== false && value !== null && value !== undefined) {
      return value as Exclude<T, false | null | undefined>
    }
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${message}`)
    await delay(everyMs)
  }
}
