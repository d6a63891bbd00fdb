import { createSignal, onCleanup } from 'solid-js'
import { createChat } from 'flowise-stream/store'

export function useFlowise(options) {
  const chat = createChat(options)
  const [state, setState] = createSignal(chat.getSnapshot())
  onCleanup(chat.subscribe(() => setState(chat.getSnapshot())))
  onCleanup(chat.retain())
  return { ...chat, state }
}
