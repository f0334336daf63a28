import { html, type Html } from './html.js'
import { SAMPLE_MS, SAMPLES } from './quota-history.js'

/** The plot's size and the place of its axes, in the units of its view box. */
const WIDTH = 300
const HEIGHT = 96
const LEFT = 42
const TOP = 8
const BOTTOM = 80

/**
 * A small plot of requests per second over the last minutes, with a value axis that has the limit, and a time axis. The
 * style sheet styles it.
 *
 * @param rates requests per second, the newest last, which stands at the right edge
 * @param limit requests per second that the quota allows: the dashed line
 * @param label text alternative for screen readers
 * @param now the time of the newest rate, in milliseconds since 1970
 */
export function plot(rates: readonly number[], limit: number, label: string, now: number): Html {
  const top = Math.max(limit, ...rates) * 1.1
  const y = (rate: number) => round(BOTTOM - (rate / top) * (BOTTOM - TOP))
  const x = (index: number) =>
    round(LEFT + ((SAMPLES - rates.length + index) * (WIDTH - LEFT)) / (SAMPLES - 1))
  const points = rates.map((rate, index) => `${x(index)},${y(rate)}`)
  const area = [`${x(0)},${BOTTOM}`, ...points, `${WIDTH},${BOTTOM}`].join(' ')
  const clock = (time: number) => new Date(time).toISOString().slice(11, 16)
  return html`<svg class="plot" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">
    <line class="axis" x1="${LEFT}" x2="${WIDTH}" y1="${BOTTOM}" y2="${BOTTOM}" />
    <line class="limit" x1="${LEFT}" x2="${WIDTH}" y1="${y(limit)}" y2="${y(limit)}" />
    <polygon class="area" points="${area}" />
    <polyline class="line" points="${points.join(' ')}" />
    <text class="value" x="${LEFT - 4}" y="${y(limit) + 3}">${limit}/s</text>
    <text class="value" x="${LEFT - 4}" y="${BOTTOM + 3}">0</text>
    <text x="${LEFT}" y="${HEIGHT - 4}">${clock(now - SAMPLES * SAMPLE_MS)} UTC</text>
    <text class="value" x="${WIDTH}" y="${HEIGHT - 4}">${clock(now)}</text>
  </svg>`
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
