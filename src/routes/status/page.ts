import type { Target } from '../../cloudtrail/connections/target.js'
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
  /** What its commands act on. */
  target: Target
}

/** A part of the service with its state, in words. */
export interface ShownPart {
  name: string
  /** Left out where there is nothing that could fail. */
  works?: boolean
  detail: string
}

/** What the status page shows. */
export interface Status extends FirstCommand {
  version: string
  /** Milliseconds since 1970. */
  now: number
  connections: readonly ShownConnection[]
  quotas: readonly LimiterHistory[]
  recent: readonly RecentCommand[]
  /** Whether only commands that did not succeed are shown. */
  onlyFailures: boolean
  parts: readonly ShownPart[]
}

/** The status page, whole: it needs no script, and reads in order without its style sheet. */
export function statusPage(status: Status): string {
  const sandbox = status.connections.every(({ target }) => target === 'Sandbox')
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>CloudTrail commands: status</title>
        <link rel="icon" type="image/svg+xml" href="/docs/icon.svg" />
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
          ${connections(status.connections)} ${parts(status.parts)} ${quotas(status)}
          ${recent(status)}
        </main>
        <footer class="quiet">As of ${clock(status.now)} UTC. <a href="/">Reload</a></footer>
      </body>
    </html> `.text
}

function connections(all: readonly ShownConnection[]): Html {
  const rows = all.map(
    ({ name, endpoint, region, accountId, target }) =>
      html`<tr>
        <th scope="row">${name}</th>
        <td data-label="Endpoint"><code>${endpoint.replace(/^https?:\/\//, '')}</code></td>
        <td data-label="Region">${region}</td>
        <td data-label="Account">${accountId ?? 'not known yet'}</td>
        <td data-label="Calls">${target}</td>
      </tr>`,
  )
  return section(
    'connections',
    'Connections',
    table(
      html`<th scope="col">Name</th>
        <th scope="col">Endpoint</th>
        <th scope="col">Region</th>
        <th scope="col">Account</th>
        <th scope="col">Calls</th>`,
      rows,
    ),
  )
}

function parts(all: readonly ShownPart[]): Html {
  const rows = all.map(
    ({ name, works, detail }) =>
      html`<div>
        <dt>${name}</dt>
        <dd>
          ${works === undefined ? '' : html`<span class="${works ? 'successful' : 'failed'}">${works ? 'works' : 'does not work'}</span>`}
          <span class="quiet">${detail}</span>
        </dd>
      </div>`,
  )
  return section('parts', 'Parts', html`<dl>${rows}</dl>`)
}

function quotas({ quotas: all, now }: Status): Html {
  const cards = all.map(({ state, rates }) => {
    const { account, region, apiClass, operation, tps, share, waiting, estimatedWaitMs } = state
    const rate = rates.at(-1) ?? 0
    const most = Math.max(0, ...rates)
    const words = `${format(rate)} of ${format(tps)} requests per second now, at most ${format(most)} in the last five minutes`
    return html`<li class="card">
      <h3>${operation ?? apiClass} <span class="quiet">${region}</span></h3>
      <p class="quiet">Account ${/^\d{12}$/.test(account) ? account : 'not known yet'}</p>
      ${plot(rates, tps, words, now)}
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

function recent({ recent: all, onlyFailures, ...first }: Status): Html {
  if (all.length === 0) return section('recent', 'Recent commands', firstCommand(first))
  const shown = onlyFailures ? all.filter(({ returnData }) => returnData !== 'Successful') : all
  const view = (isFailures: boolean, href: string, text: string) =>
    isFailures === onlyFailures
      ? html`<a href="${href}" aria-current="page">${text}</a>`
      : html`<a href="${href}">${text}</a>`
  return section(
    'recent',
    'Recent commands',
    html`<p class="views">
        ${view(false, '/', 'All')} ${view(true, '/?show=failures', 'Failures only')}
        <span class="quiet">Equal commands of a minute share a row.</span>
      </p>
      ${shown.length > 0 ? commands(shown) : html`<p class="quiet">No failures.</p>`}`,
  )
}

function commands(all: readonly RecentCommand[]): Html {
  const mark = (isMarked: boolean, text: string) =>
    isMarked ? html` <span class="mark">${text}</span>` : ''
  const rows = all.map(
    ({ at, count, command, status, returnData, codes, isDryRun, isJob, ...one }) =>
      html`<tr>
        <td data-label="Time">
          <time datetime="${new Date(at).toISOString()}">${clock(at)}</time>
        </td>
        <th scope="row">
          ${command}${mark(count > 1, `× ${count}`)}${mark(isDryRun, 'dry run')}${mark(isJob, 'job')}
        </th>
        <td data-label="Outcome">
          <span class="${outcomeClass(returnData)}">${returnData}</span>
          <span class="quiet">${status}${codes.length > 0 ? ` ${codes.join(', ')}` : ''}</span>
        </td>
        <td data-label="API key">${one.key || '–'}</td>
        <td data-label="Connection">
          ${one.connection || '–'} <span class="quiet">${one.regions.join(', ')}</span>
        </td>
        <td data-label="ms" class="number">${one.durationMs}</td>
        <td data-label="Request"><code>${one.requestId}</code></td>
      </tr>`,
  )
  return table(
    html`<th scope="col">Time (UTC)</th>
      <th scope="col">Command</th>
      <th scope="col">Outcome</th>
      <th scope="col">API key</th>
      <th scope="col">Connection</th>
      <th scope="col" class="number">ms</th>
      <th scope="col">Request id</th>`,
    rows,
  )
}

/** A table that scrolls by itself on a narrow screen. */
function table(headings: Html, rows: readonly Html[]): Html {
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          ${headings}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`
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
