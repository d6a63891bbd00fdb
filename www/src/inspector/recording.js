/** Saves recordings as files, and reads them: each question, and each event with its time. A file holds no key and no address. */

import { saveFile } from '../parts/saveFile.js'

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
  const file = new Blob([`${JSON.stringify(recording, null, 1)}\n`], { type: 'application/json' })
  saveFile(file, `flowise-${recording.recordedAt.slice(0, 19).replaceAll(':', '-')}.json`)
}

/** Reads such a file. The error for any other file says what is wrong with it. */
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
