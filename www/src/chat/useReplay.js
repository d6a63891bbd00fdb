import { useEffect, useState, useSyncExternalStore } from 'react'

import { createPlayer } from './player.js'

/** Plays recordings. `replay`: `{ entries }`, a new object each time. `stopOthers` first stops the running answer. */
export function useReplay(replay, stopOthers) {
  const [player] = useState(createPlayer)
  const { messages, status } = useSyncExternalStore(player.chat.subscribe, player.chat.getSnapshot)

  useEffect(() => {
    if (!replay) return
    stopOthers()
    player.play(replay.entries)
    return () => void player.stop()
  }, [replay, player, stopOthers])

  return { messages, status, stop: player.stop, clear: player.chat.clear }
}
