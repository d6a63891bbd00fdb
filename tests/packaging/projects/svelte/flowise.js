import { createSubscriber } from 'svelte/reactivity'
import { createChat } from 'flowise-stream/store'

export function useFlowise(options) {
  const chat = createChat(options)
  const follow = createSubscriber((update) => {
    const ends = [chat.subscribe(update), chat.retain()]
    return () => ends.forEach((end) => end())
  })
  return { ...chat, get state() { return follow(), chat.getSnapshot() } }
}
