/** The longest text that an error message repeats, in characters. */
const MAX_QUOTED = 200

/** A text of the request as an error message repeats it, cut where it is long. */
export function quoted(text: string): string {
  return text.length <= MAX_QUOTED ? text : `${text.slice(0, MAX_QUOTED)}…`
}
