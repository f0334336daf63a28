import type { Target } from '../../cloudtrail/connections/target.js'
import { html, type Html } from '../status/html.js'

/** The page of Swagger UI. Its script fills `#swagger-ui`, and the accounts where the reader may see them. */
export function docsPage(targets: readonly Target[]): string {
  const isSandbox = targets.every((target) => target === 'Sandbox')
  return html`<!doctype html>
    <html lang="en" data-try-it-out="${String(isSandbox)}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>CloudTrail commands: API</title>
        <link rel="icon" type="image/svg+xml" href="/docs/icon.svg" />
        <link rel="stylesheet" href="/docs/swagger-ui.css" />
        <link rel="stylesheet" href="/docs/docs.css" />
        <script src="/docs/swagger-ui-bundle.js" defer></script>
        <script src="/docs/docs.js" defer></script>
      </head>
      <body>
        <header class="top">
          <a class="product" href="/"
            ><img src="/docs/icon.svg" alt="" width="28" height="28" /> CloudTrail commands</a
          >
          <nav aria-label="Service"><a href="/">Status</a> <a href="/openapi.json">OpenAPI</a></nav>
        </header>
        ${banner(targets, isSandbox)}
        <main id="swagger-ui"><p class="loading">Loading the API…</p></main>
      </body>
    </html> `.text
}

function banner(targets: readonly Target[], isSandbox: boolean): Html {
  if (isSandbox) {
    return html`<p class="banner sandbox">
      <strong>Sandbox.</strong> Commands run on an embedded CloudTrail; no AWS account is touched.
    </p>`
  }
  if (targets.includes('AWS')) {
    return html`<p class="banner aws">
      <strong>AWS<span id="accounts"></span>.</strong> Commands act on it. Begin with
      <em>Try it out</em>; examples of changes are dry runs first.
    </p>`
  }
  return html`<p class="banner aws">
    <strong>An endpoint that is not AWS’s own.</strong> Commands act on it. Begin with
    <em>Try it out</em>; examples of changes are dry runs first.
  </p>`
}
