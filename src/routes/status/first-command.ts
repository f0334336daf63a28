import { html, type Html } from './html.js'

/** What the example of a first command depends on. */
export interface FirstCommand {
  /** Where the service is reached, as the browser sees it. */
  origin: string
  /** Whether commands need an API key. */
  needsKey: boolean
}

/** Shown while no command has run: a first command, ready to be copied. */
export function firstCommand({ origin, needsKey }: FirstCommand): Html {
  const key = needsKey ? ` \\\n  -H "authorization: Bearer $API_KEY"` : ''
  const curl = `curl -s ${origin}/commands/list-trails${key} \\\n  -H 'content-type: application/json' -d '{}'`
  return html`<div class="empty">
    <p>
      No command has been run yet. This one lists the trails of the account, and changes nothing:
    </p>
    <pre tabindex="0" aria-label="A first command"><code>${curl}</code></pre>
    <p>
      Or run it from the browser: <a href="/docs">open the API</a>, choose <em>List Trails</em>,
      then <em>Execute</em>.
    </p>
  </div>`
}
