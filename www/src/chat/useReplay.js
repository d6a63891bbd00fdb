import { useCallback, useEffect, useRef } from 'react'

// A pause in which nobody would want to sit.
const LONGEST_PAUSE = 1500
// Timers are no finer than this.
const SHORTEST_PAUSE = 4

/**
 * Plays a recording into the conversation, with its own timing; `replay` is `{ entries }`, a new object each time. What runs is
 * stopped with `stopOthers` first. Returns a function that ends the replay.
 */
export function useReplay(replay, conversation, stopOthers) {
  const end = useRef(null)
  const stop = useCallback(() => end.current?.(), [])

  useEffect(() => {
    if (!replay) return
    stopOthers()
    end.current = play(replay.entries, conversation)
    return stop
  }, [replay, conversation, stopOthers, stop])

  return stop
}

/** Plays entries into a conversation; the function that it returns stops it, and may be called more than once. */
function play(entries, conversation) {
  let timer
  let turn

  const settle = (finishReason) => {
    if (turn) conversation.settle(turn, { finishReason })
    turn = undefined
  }

  const show = ({ kind, name, data, extra }) => {
    if (kind === 'ask') {
      settle('stop')
      turn = conversation.start({ question: data.question, shown: data.question || '(an answer to the flow)', replayed: true })
    } else if (kind === 'event') {
      conversation.take(name, data, extra)
    } else if (turn && kind === 'reply') {
      // The chat that was recorded is over.
      const { chatId, ...prediction } = data
      conversation.settle(turn, prediction)
      turn = undefined
    } else if (turn && kind === 'failure') {
      conversation.fail(turn, Object.assign(new Error(data.message), data))
      turn = undefined
    }
  }

  const playFrom = (first) => {
    show(entries[first])
    for (let at = first + 1; at < entries.length; at++) {
      const pause = Math.min(entries[at].at - entries[at - 1].at, LONGEST_PAUSE)
      if (pause >= SHORTEST_PAUSE) {
        timer = setTimeout(playFrom, pause, at)
        return
      }
      show(entries[at])
    }
    settle('stop')
  }

  if (entries.length > 0) playFrom(0)
  return () => {
    clearTimeout(timer)
    settle('aborted')
  }
}
