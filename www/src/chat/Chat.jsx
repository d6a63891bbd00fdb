import { Suspense, lazy, memo, useCallback, useEffect, useMemo, useRef, useState } from 'react'

import '../style/chat.css'
import { useEscape } from '../parts/useEscape.js'
import { Announcer } from './Announcer.jsx'
import { ChatContext } from './ChatContext.js'
import { Composer } from './Composer.jsx'
import { Thread } from './Thread.jsx'
import { Welcome } from './Welcome.jsx'
import { acceptedFiles } from './files.js'
import { inOrder, isOver, turnsOf } from './turns.js'
import { useChat } from './useChat.js'
import { useConfig } from './useConfig.js'
import { useReplay } from './useReplay.js'
import { useStartForm } from './useStartForm.js'

const Conversations = lazy(() => import('./Conversations.jsx'))

/** The conversations with one chatflow. */
export default memo(function Chat({ server, recorder, replay, chatsOpen, onConnection, onChats, onCloseChats, onSettings }) {
  const { chat, connection, flowise } = useChat(server, recorder)
  const { messages, status, send, stop, open } = chat
  const replayed = useReplay(replay, stop)
  const turns = useMemo(() => inOrder([...turnsOf(messages), ...turnsOf(replayed.messages, true)]), [messages, replayed.messages])
  const busy = isBusy(status) || isBusy(replayed.status)
  const config = useConfig(flowise)
  const form = useStartForm(chat.startForm)
  const context = useMemo(() => ({ chat: chat.chat, flowise, server, config, onSettings }), [chat.chat, flowise, server, config, onSettings])
  const [draft, setDraft] = useState('')
  const frame = useRef(null)
  const last = turns.at(-1)
  const hasTurns = turns.length > 0

  useEffect(() => onConnection(connection), [connection, onConnection])

  const focus = useCallback(() => {
    const field = frame.current.querySelector('textarea')
    // On a phone, focus would open the keyboard over the page.
    const target = takesKeys() ? field : (frame.current.querySelector('.thread') ?? field)
    target.focus({ preventScroll: true })
  }, [])

  // The button that asked (a prompt, a decision, “Try again”) disappears, so the focus moves to the field. On a phone, it stays where
  // it is if the last turn was stored: nothing was pressed.
  const isStored = last !== undefined && isOver(last)
  useEffect(() => {
    if (last && document.activeElement === document.body && (!isStored || takesKeys())) focus()
  }, [last?.key, focus])

  const stopAll = useCallback(() => {
    stop()
    replayed.stop()
    focus()
  }, [stop, replayed.stop, focus])
  useEscape(busy, stopAll)

  const hasChats = chat.chats.length > 0
  useEffect(() => {
    const start = () => {
      replayed.stop()
      replayed.clear()
      stop()
      open()
      focus()
    }
    onChats({ start: hasTurns ? start : undefined, hasChats })
    return () => onChats({})
  }, [hasTurns, hasChats, replayed.stop, replayed.clear, stop, open, focus, onChats])

  // A recording cannot be continued.
  const ask = useCallback(
    (question) => {
      replayed.stop()
      send(question, { queue: true })
    },
    [replayed.stop, send],
  )

  return (
    <ChatContext value={context}>
      {chatsOpen && (
        <Suspense fallback={null}>
          <Conversations chat={chat.chat} shownId={chat.id} chats={chat.chats} onClose={onCloseChats} />
        </Suspense>
      )}
      <main className="chat" ref={frame}>
        <h1 className="unseen">Chat with a Flowise chatflow</h1>
        {hasTurns ? (
          <Thread turns={turns} busy={busy} />
        ) : (
          <Welcome server={server} connection={connection} form={form} onAsk={ask} />
        )}
        {(hasTurns || !form) && (
          <Composer
            draft={draft}
            setDraft={setDraft}
            busy={busy}
            accept={acceptedFiles(config)}
            queue={chat.queue}
            onSend={ask}
            onStop={stopAll}
            onUnqueue={chat.unqueue}
          />
        )}
        <Announcer turn={last} />
      </main>
    </ChatContext>
  )
})

const takesKeys = () => matchMedia('(hover: hover)').matches

const isBusy = (status) => status === 'submitted' || status === 'streaming'
