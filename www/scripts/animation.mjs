/**
 * Animated WebP from frames of a page: a browser encodes the frames, and only the rectangle of each that changed; what is
 * written here is the container around them (https://developers.google.com/speed/webp/docs/riff_container).
 */

/**
 * Encodes frames in a page.
 *
 * @param {import('playwright-core').Page} page any page: its canvas is what is needed
 * @param {{ png: string, at: number }[]} frames pictures of one size as base64, with their times in milliseconds
 * @param {number} pause how long the last one is shown, in milliseconds
 */
export async function animate(page, frames, pause) {
  const parts = []
  for (const { png, at } of frames) {
    const changed = await page.evaluate(encodeChange, png)
    // A frame without a change only makes the one before it longer.
    if (changed) parts.push({ ...changed, at })
  }
  const end = frames.at(-1).at + pause
  return container(
    parts[0].width,
    parts[0].height,
    parts.map((part, index) => ({
      ...part,
      ms: (parts[index + 1]?.at ?? end) - part.at,
      data: Buffer.from(part.data, 'base64'),
    })),
  )
}

// Runs in the page.
async function encodeChange(png) {
  const bytes = Uint8Array.from(atob(png), (character) => character.charCodeAt(0))
  const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
  const { width, height } = bitmap
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d', { alpha: false, willReadFrequently: true })
  context.drawImage(bitmap, 0, 0)
  const pixels = new Uint32Array(context.getImageData(0, 0, width, height).data.buffer)
  const before = globalThis.framePixels
  globalThis.framePixels = pixels

  let [left, top, right, bottom] = before ? [width, height, 0, 0] : [0, 0, width, height]
  for (let index = 0; before && index < pixels.length; index++) {
    if (pixels[index] === before[index]) continue
    const x = index % width
    const y = Math.floor(index / width)
    left = Math.min(left, x)
    right = Math.max(right, x + 1)
    top = Math.min(top, y)
    bottom = Math.max(bottom, y + 1)
  }
  if (left >= right) return null
  // The format counts places in steps of two.
  left &= ~1
  top &= ~1
  const part = new OffscreenCanvas(right - left, bottom - top)
  part.getContext('2d', { alpha: false }).drawImage(bitmap, -left, -top)
  // 1 is lossless, which for letters on plain paper is also the smallest.
  const blob = await part.convertToBlob({ type: 'image/webp', quality: 1 })
  const binary = Array.from(new Uint8Array(await blob.arrayBuffer()), (byte) => String.fromCharCode(byte)).join('')
  return { x: left, y: top, width: part.width, height: part.height, data: btoa(binary) }
}

const FOREVER = 0
const ANIMATED = 0x02
const DO_NOT_BLEND = 0x02

const uint = (value, bytes) => {
  const buffer = Buffer.alloc(bytes)
  buffer.writeUIntLE(value, 0, bytes)
  return buffer
}

function chunk(name, ...parts) {
  const data = Buffer.concat(parts)
  return Buffer.concat([Buffer.from(name, 'latin1'), uint(data.length, 4), data, Buffer.alloc(data.length % 2)])
}

function container(width, height, frames) {
  const head = chunk('VP8X', uint(ANIMATED, 4), uint(width - 1, 3), uint(height - 1, 3))
  const loop = chunk('ANIM', uint(0xffffffff, 4), uint(FOREVER, 2))
  const body = frames.map(({ x, y, width, height, ms, data }) =>
    chunk(
      'ANMF',
      uint(x / 2, 3),
      uint(y / 2, 3),
      uint(width - 1, 3),
      uint(height - 1, 3),
      uint(Math.round(ms), 3),
      uint(DO_NOT_BLEND, 1),
      picture(data),
    ),
  )
  const content = Buffer.concat([Buffer.from('WEBP'), head, loop, ...body])
  return Buffer.concat([Buffer.from('RIFF'), uint(content.length, 4), content])
}

/** The chunks of a WebP file that are its picture. */
function picture(file) {
  const parts = []
  for (let at = 12; at + 8 <= file.length;) {
    const length = file.readUInt32LE(at + 4)
    const next = at + 8 + length + (length % 2)
    if (['ALPH', 'VP8 ', 'VP8L'].includes(file.toString('latin1', at, at + 4))) parts.push(file.subarray(at, next))
    at = next
  }
  return Buffer.concat(parts)
}
