import { useCallback, useEffect, useMemo, useState } from 'react'

import '../style/chat.css'
import { Announcer } from './Announcer.jsx'
import { ChatContext } from './ChatContext.js'
import { Composer } from './Composer.jsx'
import { Thread } from './Thread.jsx'
import { Welcome } from './Welcome.jsx'
import { useChat } from './useChat.js'
import { acceptedFiles, useConfig } from './useConfig.js'
import { useReplay } from './useReplay.js'

/** The conversation with one chatflow. */
export default function Chat({ server, recorder, replay, onConnection, onSettings }) {
  const { flowise, turns, busy, connection, conversation, ask, stop, clear } = useChat(server, recorder)
  const config = useConfig(flowise)
  const context = useMemo(() => ({ ask, flowise, config, onSettings }), [ask, flowise, config, onSettings])
  const [draft, setDraft] = useState('')
  const stopReplay = useReplay(replay, conversation, stop)

  useEffect(() => onConnection(connection), [connection, onConnection])

  const stopAll = useCallback(() => {
    stop()
    stopReplay()
  }, [stop, stopReplay])

  useEffect(() => {
    if (!busy) return
    const onKey = (event) => {
      if (event.key === 'Escape' && !event.defaultPrevented) stopAll()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [busy, stopAll])

  const send = useCallback((question, more) => ask({ question, ...more }), [ask])

  return (
    <ChatContext value={context}>
      <main className="chat">
        <h1 className="unseen">Chat with a Flowise chatflow</h1>
        {turns.length === 0 ? (
          <Welcome server={server} connection={connection} onPrompt={send} />
        ) : (
          <Thread turns={turns} busy={busy} />
        )}
        <Composer
          draft={draft}
          setDraft={setDraft}
          busy={busy}
          accept={acceptedFiles(config)}
          onSend={send}
          onStop={stopAll}
          onClear={turns.length > 0 ? clear : undefined}
        />
        <Announcer turn={turns.at(-1)} />
      </main>
    </ChatContext>
  )
}
