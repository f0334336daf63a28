import type { LimiterHistory } from './quota-history.js'
import type { RecentCommand } from './recent-commands.js'
import { firstCommand, type FirstCommand } from './first-command.js'
import { html, type Html } from './html.js'
import { plot } from './plot.js'

/** A connection as the page shows it: never its keys. */
export interface ShownConnection {
  name: string
  endpoint: string
  region: string
  accountId: string | undefined
  sandbox: boolean
}

/** What the status page shows. */
export interface Status extends FirstCommand {
  version: string
  /** Milliseconds since 1970. */
  now: number
  connections: readonly ShownConnection[]
  quotas: readonly LimiterHistory[]
  recent: readonly RecentCommand[]
}

/** The status page, whole: it needs no script, and reads in order without its style sheet. */
export function statusPage(status: Status): string {
  const sandbox = status.connections.some((connection) => connection.sandbox)
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>CloudTrail commands: status</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/status/status.css" />
        <script src="/status/status.js" defer></script>
      </head>
      <body>
        <a class="skip" href="#main">Skip to the status</a>
        <header>
          <div>
            <h1>CloudTrail commands</h1>
            <p class="quiet">Version ${status.version}</p>
          </div>
          <nav aria-label="Service">
            <a class="button" href="/docs">Try the API</a>
            <a href="/openapi.json">OpenAPI</a>
            <a href="/commands">Commands</a>
            <a href="/quotas">Quotas</a>
            <a href="/readyz">Readiness</a>
          </nav>
        </header>
        <main id="main">
          ${sandbox ? html`<p class="notice"><strong>Sandbox.</strong> Commands run on an embedded CloudTrail; no AWS account is touched.</p>` : ''}
          ${connections(status.connections)} ${quotas(status.quotas)} ${recent(status)}
        </main>
        <footer class="quiet">As of ${clock(status.now)} UTC. <a href="/">Reload</a></footer>
      </body>
    </html> `.text
}

function connections(all: readonly ShownConnection[]): Html {
  const rows = all.map(
    ({ name, endpoint, region, accountId, sandbox }) =>
      html`<tr>
        <th scope="row">${name}</th>
        <td><code>${endpoint.replace(/^https?:\/\//, '')}</code></td>
        <td>${region}</td>
        <td>${accountId ?? 'not known yet'}</td>
        <td>${sandbox ? 'Sandbox' : 'AWS'}</td>
      </tr>`,
  )
  return section(
    'connections',
    'Connections',
    html`<div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Endpoint</th>
            <th scope="col">Region</th>
            <th scope="col">Account</th>
            <th scope="col">Calls</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>`,
  )
}

function quotas(all: readonly LimiterHistory[]): Html {
  const cards = all.map(({ state, rates }) => {
    const { account, region, apiClass, operation, tps, share, waiting, estimatedWaitMs } = state
    const rate = rates.at(-1) ?? 0
    const most = Math.max(0, ...rates)
    const words = `${format(rate)} of ${format(tps)} requests per second now, at most ${format(most)} in the last five minutes`
    return html`<li class="card">
      <h3>${operation ?? apiClass} <span class="quiet">${region}</span></h3>
      <p class="quiet">Account ${/^\d{12}$/.test(account) ? account : 'not known yet'}</p>
      ${plot(rates, tps, words)}
      <p>
        <strong>${format(rate)}</strong> of ${format(tps)} per second, at most
        ${format(most)}${waiting > 0 ? html`, <strong>${waiting}</strong> waiting (about ${Math.ceil(estimatedWaitMs / 1000)} s)` : ''}
      </p>
      ${share < 1 ? html`<p class="failed">Slowed to ${Math.round(share * 100)} % after AWS throttled</p>` : ''}
    </li>`
  })
  return section(
    'quotas',
    'Quota use, last five minutes',
    cards.length > 0
      ? html`<ul class="cards">
          ${cards}
        </ul>`
      : html`<p class="quiet">
          No request was sent in the last minutes. AWS allows 10 reads, 2 event lookups and 1 write
          per second for each account and region; the service holds them.
        </p>`,
  )
}

function recent({ recent: all, ...first }: Status): Html {
  if (all.length === 0) return section('recent', 'Recent commands', firstCommand(first))
  const rows = all.map(
    ({ at, command, returnData, codes, rows, connection, regions, durationMs }) =>
      html`<tr>
        <td><time datetime="${new Date(at).toISOString()}">${clock(at)}</time></td>
        <th scope="row">${command}</th>
        <td>
          <span class="${outcomeClass(returnData)}">${returnData}</span
          >${codes.length > 0 ? html` <span class="quiet">${codes.join(', ')}</span>` : ''}
        </td>
        <td class="number">${rows}</td>
        <td>${connection}</td>
        <td>${regions.join(', ')}</td>
        <td class="number">${durationMs}</td>
      </tr>`,
  )
  return section(
    'recent',
    'Recent commands',
    html`<div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">Time (UTC)</th>
            <th scope="col">Command</th>
            <th scope="col">Outcome</th>
            <th scope="col" class="number">Rows</th>
            <th scope="col">Connection</th>
            <th scope="col">Regions</th>
            <th scope="col" class="number">ms</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>`,
  )
}

function section(id: string, title: string, content: Html): Html {
  return html`<section aria-labelledby="${id}">
    <h2 id="${id}">${title}</h2>
    ${content}
  </section>`
}

function outcomeClass(returnData: string): string {
  return returnData === 'Successful' ? 'successful' : returnData === 'Failed' ? 'failed' : 'partial'
}

function clock(time: number): string {
  return new Date(time).toISOString().slice(11, 19)
}

function format(number: number): string {
  return String(Math.round(number * 10) / 10)
}
