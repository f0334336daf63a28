import type { WireBody } from '../cloudtrail/wire-body.js'

/**
 * Pages as one body: AWS's first page unchanged but for its list, which holds the items of all pages, and its
 * NextToken, which belongs to no joined body.
 *
 * @param list the member that holds the items
 */
export function joinPages(pages: readonly WireBody[], list: string): WireBody {
  const items = pages.flatMap((page) => page[list] as unknown[])
  const { NextToken: _token, ...body } = { ...pages[0], [list]: items }
  return body
}
