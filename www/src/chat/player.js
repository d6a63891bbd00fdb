import { createChat } from 'flowise-stream/store'

// Longer pauses in a recording are shortened to this, in milliseconds.
const LONGEST_PAUSE = 1500

/**
 * A chat that replays recordings with their original timing: `play(entries)` asks the recorded questions, and `stop` ends it.
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

/** The questions of a recording, each with the entries of its answer and the `pause` before it. */
function runsOf(recording) {
  const runs = []
  recording.forEach((entry, at) => {
    const pause = at === 0 ? 0 : Math.min(Math.max(entry.at - recording[at - 1].at, 0), LONGEST_PAUSE)
    if (entry.kind === 'ask') runs.push({ question: entry.data?.question || '(an answer to the flow)', pause: runs.length > 0 ? pause : 0, entries: [] })
    else runs.at(-1)?.entries.push({ ...entry, pause })
  })
  return runs
}

/** A stream of the package that replays these entries. */
function played(entries) {
  const listeners = []
  let stop
  const stopped = new Promise((resolve) => (stop = resolve))

  const run = async () => {
    for (const { kind, name, data, extra, pause } of entries) {
      // Timers have no finer resolution.
      if (pause >= 4 && (await Promise.race([sleep(pause), stopped.then(() => true)]))) return { finishReason: 'aborted' }
      if (kind === 'event') for (const [event, listener] of listeners) if (event === name) listener(data, extra)
      // The recorded conversation is over, so its id is of no use.
      if (kind === 'reply') return { ...data, chatId: undefined }
      if (kind === 'failure') throw Object.assign(new Error(data.message), data)
    }
    return { finishReason: 'stop' }
  }

  return {
    on: (event, listener) => listeners.push([event, listener]),
    // After the listeners were added.
    result: Promise.resolve().then(run),
    async abort() {
      stop()
      return { reached: false }
    },
  }
}
