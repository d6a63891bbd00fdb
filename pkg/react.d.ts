/** A chat with a Flowise chatflow, as a React hook. */

import type { Chat, ChatOptions, ChatSnapshot } from './store.js'

export { createChat, resumption } from './store.js'
export type {
  AskHistory,
  Chat,
  ChatError,
  ChatMessage,
  ChatOptions,
  ChatQuestion,
  ChatSnapshot,
  ChatStatus,
  ChatStep,
  ChatStorage,
  ChatSummary,
  ChatTiming,
  HistoryMessage,
  QueuedQuestion,
  StartForm,
} from './store.js'

/** What `useFlowise` returns: the snapshot, and what can be done. */
export type UseFlowise = ChatSnapshot &
  Omit<Chat, 'subscribe' | 'getSnapshot' | 'getServerSnapshot' | 'configure' | 'retain' | 'chats'> & {
    /** The store under it, for components that need no render of this one. */
    readonly chat: Chat
  }

/**
 * A chat with a chatflow.
 *
 * It renders at most once a frame while an answer comes, and stops the answer when the component is unmounted. Another `url`,
 * `chatflowId`, `chatId` or `user` is another chat; other options count from the next question on. With `chat`, components share one. A question that an effect asks on mount is asked once,
 * in StrictMode and after a hot reload, too.
 *
 * ```jsx
 * const { messages, status, send, stop } = useFlowise({ url: 'https://flowise.example.com', chatflowId: '…' })
 * ```
 */
export function useFlowise(options?: ChatOptions & { chat?: Chat }): UseFlowise
