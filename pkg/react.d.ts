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

/** What `useFlowise` returns: the snapshot and the functions of the chat. */
export type UseFlowise = ChatSnapshot &
  Omit<Chat, 'subscribe' | 'getSnapshot' | 'getServerSnapshot' | 'configure' | 'retain' | 'chats'> & {
    /** The underlying store. Share it with components that should not rerender this one. */
    readonly chat: Chat
  }

/**
 * A chat with a chatflow.
 *
 * Renders at most once per frame while an answer streams. Unmounting the component stops the answer. Another `url`, `chatflowId`,
 * `chatId` or `user` opens another chat; other changed options apply from the next question on. Pass `chat` to share a chat between
 * components. A question asked by an effect on mount is asked only once, also in StrictMode and after a hot reload.
 *
 * ```jsx
 * const { messages, status, send, stop } = useFlowise({ url: 'https://flowise.example.com', chatflowId: '…' })
 * ```
 */
export function useFlowise(options?: ChatOptions & { chat?: Chat }): UseFlowise
