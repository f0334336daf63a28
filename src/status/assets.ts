/** The style sheet of the status page: light and dark, and calm for those who asked for less motion. */
export const STYLE = `:root {
  color-scheme: light dark;
  --ground: #f6f7f9; --card: #fff; --text: #1a2230; --quiet: #566072; --line: #dde2ea;
  --accent: #0b62c4; --on-accent: #fff; --area: #0b62c426; --good: #17693a; --some: #8a5300; --bad: #b3261e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #10151d; --card: #19202b; --text: #e7ecf3; --quiet: #a3aec0; --line: #2c3644;
    --accent: #7db5ff; --on-accent: #0d1420; --area: #7db5ff2e; --good: #6fd398; --some: #f0b45c; --bad: #ff9088;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 72rem; padding: 1.5rem; background: var(--ground); color: var(--text);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
header { display: flex; flex-wrap: wrap; gap: 1rem 2rem; align-items: center; justify-content: space-between; }
h1 { margin: 0; font-size: 1.6rem; letter-spacing: -0.01em; }
h2 { margin: 0 0 .9rem; font-size: 1.1rem; }
h3 { margin: 0; font-size: 1rem; }
p { margin: .25rem 0; }
header p { margin: 0; }
a { color: var(--accent); }
a:focus-visible, pre:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
nav { display: flex; flex-wrap: wrap; gap: .5rem 1.1rem; align-items: center; }
.button { background: var(--accent); color: var(--on-accent); padding: .45rem .9rem; border-radius: .5rem; text-decoration: none; font-weight: 600; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: .5rem; background: var(--card); padding: .5rem; }
section, .notice { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1.1rem 1.25rem; margin: 1.1rem 0; }
.notice { border-left: .35rem solid var(--some); padding: .7rem 1.25rem; }
.quiet { color: var(--quiet); font-weight: 400; font-size: .92rem; }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .5rem .75rem .5rem 0; border-top: 1px solid var(--line); vertical-align: baseline; }
thead th { border-top: 0; color: var(--quiet); font-size: .85rem; font-weight: 600; white-space: nowrap; }
tbody th { font-weight: 600; white-space: nowrap; }
.number { text-align: right; padding-right: 1.75rem; }
.successful { color: var(--good); } .partial { color: var(--some); } .failed { color: var(--bad); }
.successful, .partial, .failed { font-weight: 600; }
.successful::before { content: "\\2713\\00a0"; } .partial::before { content: "\\25D0\\00a0"; } .failed::before { content: "\\2715\\00a0"; }
.cards { list-style: none; margin: 0; padding: 0; display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); }
.card { border: 1px solid var(--line); border-radius: .6rem; padding: .8rem 1rem; }
.plot { display: block; width: 100%; height: 4rem; margin: .5rem 0; border-bottom: 1px solid var(--line); }
.plot .area { fill: var(--area); }
.plot .line { fill: none; stroke: var(--accent); stroke-width: 2; vector-effect: non-scaling-stroke; stroke-linejoin: round; }
.plot .limit { stroke: var(--quiet); stroke-width: 1; stroke-dasharray: 4 4; vector-effect: non-scaling-stroke; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .9rem; }
pre { background: var(--ground); border: 1px solid var(--line); border-radius: .5rem; padding: .8rem 1rem; overflow-x: auto; }
footer { margin: 1rem .25rem; }
@media (prefers-reduced-motion: no-preference) { .button { transition: filter .15s; } .button:hover { filter: brightness(1.1); } }
`

/**
 * The script of the status page: shows it anew every five seconds. It leaves the page alone while it is hidden, or while
 * its reader selects text or has the focus in it. The page does without it.
 */
export const SCRIPT = `'use strict'
setInterval(async () => {
  const main = document.querySelector('main')
  const busy = main.contains(document.activeElement) || !getSelection().isCollapsed
  if (document.hidden || busy) return
  try {
    const answer = await fetch('/', { headers: { accept: 'text/html' } })
    if (!answer.ok) return
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html')
    main.replaceWith(fresh.querySelector('main'))
    document.querySelector('footer').replaceWith(fresh.querySelector('footer'))
  } catch {
    // the service is away: what was shown last stays, with its time
  }
}, 5000)
`
