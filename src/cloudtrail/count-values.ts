const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const OPEN_BRACE = 0x7b
const OPEN_BRACKET = 0x5b

/**
 * Whether a JSON text holds more values than allowed. It counts commas and opening brackets outside of strings: a text of tiny values costs far more time and memory to parse than its bytes suggest.
 */
export function hasMoreValues(json: Buffer, most: number): boolean {
  // each of them takes a byte
  if (json.length <= most) return false
  let count = 0
  let inString = false
  for (let index = 0; index < json.length; index += 1) {
    const byte = json[index]
    if (byte === QUOTE) inString = !inString
    else if (inString) {
      if (byte === BACKSLASH) index += 1
    } else if (byte === COMMA || byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      count += 1
      if (count > most) return true
    }
  }
  return false
}
