// The hook for React: the store of `flowise-stream/store` as a component's state.

import { useEffect, useInsertionEffect, useState, useSyncExternalStore } from 'react'

import { createChat, resumption } from './store.js'

export { createChat, resumption }

/** A chat with a chatflow, as state of a component. */
export function useFlowise(options = {}) {
  const chat = useChat(options)
  const { subscribe, getSnapshot, getServerSnapshot, configure, retain, chats, ...actions } = chat
  const snapshot = useSyncExternalStore(subscribe, getSnapshot, getServerSnapshot)
  return { ...snapshot, ...actions, chat }
}

function useChat(options) {
  const { chat: given, url, chatflowId, chatId, user } = options
  // Another chatflow is another chat; other changed options apply from the next question on.
  const key = [String(url), chatflowId, chatId, user].join('\n')
  const make = () => ({ key, chat: given ? undefined : createChat(options) })
  const [kept, keep] = useState(make)
  let own = kept
  if (!given && (own.key !== key || !own.chat)) {
    // State, not a ref: if React discards a render, it discards its chat, too.
    own = make()
    keep(own)
  }
  const chat = given ?? own.chat

  // Runs before the page's effects, which may ask questions.
  useInsertionEffect(() => {
    if (!given) chat.configure(options)
  })
  useEffect(() => (given ? undefined : chat.retain()), [chat, given])
  return chat
}
