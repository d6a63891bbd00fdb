import { DestroyRef, inject, signal } from '@angular/core'
import { createChat, type ChatOptions } from 'flowise-stream/store'

export function injectFlowise(options: ChatOptions) {
  const chat = createChat(options)
  const state = signal(chat.getSnapshot())
  const ends = [chat.subscribe(() => state.set(chat.getSnapshot())), chat.retain()]
  inject(DestroyRef).onDestroy(() => ends.forEach((end) => end()))
  return { ...chat, state: state.asReadonly() }
}
