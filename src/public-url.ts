/**
 * Reads PUBLIC_URL.
 *
 * @returns the origin without a slash at its end; nothing when the variable is not set
 * @throws {Error} which names the variable and its rule
 */
export function readPublicUrl({ PUBLIC_URL: text }: { PUBLIC_URL?: string }): string | undefined {
  if (text === undefined) return undefined
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || url.href !== `${url.origin}/`) {
    throw new Error(
      'PUBLIC_URL must be an http or https origin without user, path and query, for example https://cloudtrail-commands.example.com',
    )
  }
  return url.origin
}
