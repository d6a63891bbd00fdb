/** Recordings as files: what was asked, and each event with its time. They hold no key and no address. */

const FORMAT = 'flowise-stream recording'

/** Offers the entries as a file to save. */
export function saveRecording(entries, { generation } = {}) {
  const start = entries[0]?.at ?? 0
  const recording = {
    format: FORMAT,
    version: 1,
    recordedAt: new Date().toISOString(),
    generation,
    entries: entries.map(({ at, kind, name, data, extra }) => ({
      at: Math.round((at - start) * 10) / 10,
      kind,
      name,
      data,
      extra,
    })),
  }
  const url = URL.createObjectURL(new Blob([`${JSON.stringify(recording, null, 1)}\n`], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = url
  link.download = `flowise-${recording.recordedAt.slice(0, 19).replaceAll(':', '-')}.json`
  link.click()
  // The download has its own hold on the data by then.
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}

/** Reads such a file; the error says what is wrong with another one. */
export async function readRecording(file) {
  let recording
  try {
    recording = JSON.parse(await file.text())
  } catch {
    throw new Error('This file is not JSON. Choose one that was saved here.')
  }
  if (recording?.format !== FORMAT || !Array.isArray(recording.entries))
    throw new Error('This file is no recording. Choose one that was saved here.')
  return recording.entries.map((entry) => ({ ...entry, at: Number(entry.at) || 0, name: String(entry.name) }))
}
