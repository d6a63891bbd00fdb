import { onScopeDispose, shallowRef } from 'vue'
import { createChat } from 'flowise-stream/store'

export function useFlowise(options) {
  const chat = createChat(options)
  const state = shallowRef(chat.getSnapshot())
  onScopeDispose(chat.subscribe(() => (state.value = chat.getSnapshot())))
  onScopeDispose(chat.retain())
  return { ...chat, state }
}
