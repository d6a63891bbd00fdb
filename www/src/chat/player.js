import { createChat } from 'flowise-stream/store'

// A pause in which nobody would want to sit.
const LONGEST_PAUSE = 1500

/**
 * A chat whose answers come from recordings, with their own timing: `play(entries)` asks what was asked then, and `stop` ends it.
 */
export function createPlayer() {
  let entries = []
  let playing
  const chat = createChat({ flowise: { stream: () => played(entries) } })

  const play = async (recording) => {
    const mine = (playing = {})
    for (const { question, pause, ...run } of runsOf(recording)) {
      await sleep(pause)
      if (playing !== mine) return
      entries = run.entries
      await chat.send(question)
      if (playing !== mine) return
    }
  }

  const stop = () => {
    playing = undefined
    return chat.stop()
  }

  return { chat, play, stop }
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

/** The questions of a recording with the entries of their answers; `pause` is the time before one. */
function runsOf(recording) {
  const runs = []
  recording.forEach((entry, at) => {
    const pause = at === 0 ? 0 : Math.min(Math.max(entry.at - recording[at - 1].at, 0), LONGEST_PAUSE)
    if (entry.kind === 'ask') runs.push({ question: entry.data?.question || '(an answer to the flow)', pause: runs.length > 0 ? pause : 0, entries: [] })
    else runs.at(-1)?.entries.push({ ...entry, pause })
  })
  return runs
}

/** The answer that these entries are, as a stream of the package's. */
function played(entries) {
  const listeners = []
  let stop
  const stopped = new Promise((resolve) => (stop = resolve))

  const run = async () => {
    for (const { kind, name, data, extra, pause } of entries) {
      // Timers are no finer than this.
      if (pause >= 4 && (await Promise.race([sleep(pause), stopped.then(() => true)]))) return { finishReason: 'aborted' }
      if (kind === 'event') for (const [event, listener] of listeners) if (event === name) listener(data, extra)
      // The chat that was recorded is over.
      if (kind === 'reply') return { ...data, chatId: undefined }
      if (kind === 'failure') throw Object.assign(new Error(data.message), data)
    }
    return { finishReason: 'stop' }
  }

  return {
    on: (event, listener) => listeners.push([event, listener]),
    // When the listeners are there.
    result: Promise.resolve().then(run),
    async abort() {
      stop()
      return { reached: false }
    },
  }
}
