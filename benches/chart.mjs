// A bar chart as an SVG image, for light and dark pages.

const WIDTH = 860
const MARGIN = 24
const LABEL = 170
const VALUE = 70
const BAR = 16
const STEP = 22
const LONGEST = WIDTH - 2 * MARGIN - LABEL - VALUE

const STYLE = `
  .page { fill: #ffffff; stroke: #d0d7de }
  text { font: 13px system-ui, -apple-system, 'Segoe UI', sans-serif; fill: #1f2328 }
  .title { font-size: 16px; font-weight: 600 }
  .group { fill: #59636e }
  .label { text-anchor: end }
  .ours { fill: #0969da }
  .peer { fill: #afb8c1 }
  .own { font-weight: 600 }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0d1117; stroke: #3d444d }
    text { fill: #f0f6fc }
    .group { fill: #9198a1 }
    .ours { fill: #4493f8 }
    .peer { fill: #59636e }
  }`

/**
 * Draws panels one below the other.
 *
 * A panel is `{ title, groups }`, a group `{ name, bars }`, a bar `{ name, value, text, ours }`. The bars of a group have one
 * scale. A bar without a value is left out, and its text says why.
 */
export function chart(panels) {
  const parts = []
  let y = MARGIN
  for (const { title, groups } of panels) {
    y += 14
    parts.push(text(MARGIN, y, title, 'title'))
    y += 10
    for (const { name, bars } of groups) {
      y += 18
      parts.push(text(MARGIN + LABEL, y, name, 'group'))
      y += 8
      const most = Math.max(...bars.map(({ value }) => value ?? 0))
      for (const bar of bars) {
        parts.push(drawBar(y, bar, most))
        y += STEP
      }
    }
    y += 14
  }
  const names = panels.map(({ title }) => title).join('; ')
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" width="${WIDTH}" height="${y}" role="img" aria-label="${escape(names)}">
<style>${STYLE}
</style>
<rect class="page" x=".5" y=".5" width="${WIDTH - 1}" height="${y - 1}" rx="8"/>
${parts.join('\n')}
</svg>
`
}

function drawBar(y, { name, value, text: label, ours }, most) {
  const length = value === undefined ? 0 : Math.max(1, (value / most) * LONGEST)
  const start = MARGIN + LABEL
  const own = ours ? ' own' : ''
  return [
    text(start - 8, y + 12, name, `label${own}`),
    `<rect class="${ours ? 'ours' : 'peer'}" x="${start}" y="${y}" width="${length.toFixed(1)}" height="${BAR}" rx="2"/>`,
    text(start + length + 6, y + 12, label, own.trim()),
  ].join('')
}

const text = (x, y, content, name) => `<text x="${x.toFixed(1)}" y="${y}"${name ? ` class="${name}"` : ''}>${escape(content)}</text>`

const escape = (text) => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
