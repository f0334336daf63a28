'use strict'

/** Refreshes the page, but not while it is hidden, while its reader selects text, or while the focus is in it. */
async function refresh() {
  const main = document.querySelector('main')
  const busy = main.contains(document.activeElement) || !getSelection().isCollapsed
  if (document.hidden || busy) return
  try {
    const response = await fetch(location.pathname + location.search, {
      headers: { accept: 'text/html' },
    })
    if (!response.ok) return
    const fresh = new DOMParser().parseFromString(await response.text(), 'text/html')
    main.replaceWith(fresh.querySelector('main'))
    document.querySelector('footer').replaceWith(fresh.querySelector('footer'))
  } catch {
    // the service is unavailable: the last state stays, with its time
  }
}

// the page works without this script
setInterval(() => void refresh(), 5_000)
