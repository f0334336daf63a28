import { html, type Html } from './html.js'
import { SAMPLES } from './quota-history.js'

/** The plot's size, in the units of its view box. */
const WIDTH = 300
const HEIGHT = 60

/**
 * A small plot of requests per second over the last minutes; the dashed line is the limit. The style sheet styles it.
 *
 * @param rates requests per second, the newest last, which stands at the right edge
 * @param limit requests per second that the quota allows
 * @param label text alternative for screen readers
 */
export function plot(rates: readonly number[], limit: number, label: string): Html {
  const top = Math.max(limit, ...rates) * 1.1
  const y = (rate: number) => round(HEIGHT - (rate / top) * (HEIGHT - 2) - 1)
  const x = (index: number) => round(((SAMPLES - rates.length + index) * WIDTH) / (SAMPLES - 1))
  const points = rates.map((rate, index) => `${x(index)},${y(rate)}`)
  const area = [`${x(0)},${HEIGHT}`, ...points, `${WIDTH},${HEIGHT}`].join(' ')
  return html`<svg
    class="plot"
    viewBox="0 0 ${WIDTH} ${HEIGHT}"
    role="img"
    aria-label="${label}"
    preserveAspectRatio="none"
  >
    <line class="limit" x1="0" x2="${WIDTH}" y1="${y(limit)}" y2="${y(limit)}" />
    <polygon class="area" points="${area}" />
    <polyline class="line" points="${points.join(' ')}" />
  </svg>`
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
