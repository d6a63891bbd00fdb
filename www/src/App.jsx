import { Suspense, lazy, useCallback, useEffect, useMemo, useRef, useState } from 'react'

import { Header } from './Header.jsx'
import { Recorder } from './inspector/recorder.js'
import { Shell } from './Shell.jsx'
import { chosenServer, useChoice } from './choice.js'
import { findServers } from './servers.js'
import { remember, remembered } from './storage.js'

// Every visitor needs the chat, so its code loads while the page looks for servers.
const chat = import('./chat/Chat.jsx')
const Chat = lazy(() => chat)
const Inspector = lazy(() => import('./inspector/Inspector.jsx'))
const Settings = lazy(() => import('./settings/Settings.jsx'))

/** The page: the chat, the choice of server and the inspector. */
export function App() {
  const [found, setFound] = useState(null)
  const [choice, choose] = useChoice()
  const [panel, setPanel] = useState(() => ({ inspector: false, settings: false, chats: remembered('chats') === true }))
  const [connection, setConnection] = useState({ status: 'connecting' })
  const [replay, setReplay] = useState(null)
  // `start` begins a new chat; it is undefined while the chat is empty. `hasChats`: there are stored chats.
  const [chats, setChats] = useState({})
  const [recorder] = useState(() => new Recorder())
  const inspectorButton = useRef(null)
  const chatsButton = useRef(null)

  useEffect(() => {
    let wanted = true
    findServers().then((servers) => wanted && setFound(servers))
    return () => {
      wanted = false
    }
  }, [])

  const server = useMemo(() => found && chosenServer(found, choice), [found, choice])
  const mustAsk = found && !server
  const toggleInspector = useCallback(() => setPanel((open) => ({ ...open, inspector: !open.inspector })), [])
  const closeInspector = useCallback(() => {
    setPanel((open) => ({ ...open, inspector: false }))
    inspectorButton.current.focus()
  }, [])
  const showChats = useCallback((isOpen) => {
    // On a phone, the conversations cover the chat.
    if (!matchMedia('(max-width: 60rem)').matches) remember('chats', isOpen || undefined)
    setPanel((open) => ({ ...open, chats: isOpen }))
    if (!isOpen) chatsButton.current.focus()
  }, [])
  const closeChats = useCallback(() => showChats(false), [showChats])
  const openSettings = useCallback(() => setPanel((open) => ({ ...open, settings: true })), [])
  const closeSettings = useCallback(() => setPanel((open) => ({ ...open, settings: false })), [])

  return (
    <>
      <Header
        found={found}
        server={server}
        choose={choose}
        connection={connection}
        inspectorOpen={panel.inspector}
        inspectorButton={inspectorButton}
        onInspector={toggleInspector}
        chatsOpen={panel.chats}
        chatsButton={chatsButton}
        onChats={chats.hasChats ? () => showChats(!panel.chats) : undefined}
        onNewChat={chats.start}
        onSettings={openSettings}
      />
      <div className={panel.inspector ? 'work with-inspector' : 'work'}>
        <Suspense fallback={<Shell />}>
          {server ? (
            <Chat
              // Another chatflow is another conversation.
              key={`${server.url} ${server.chatflowId} ${server.apiKey ?? ''}`}
              server={server}
              recorder={recorder}
              replay={replay}
              onConnection={setConnection}
              chatsOpen={panel.chats}
              onChats={setChats}
              onCloseChats={closeChats}
              onSettings={openSettings}
            />
          ) : (
            <Shell />
          )}
        </Suspense>
        {panel.inspector && (
          <Suspense fallback={null}>
            <Inspector
              recorder={recorder}
              server={server}
              connection={connection}
              onClose={closeInspector}
              onReplay={setReplay}
            />
          </Suspense>
        )}
      </div>
      {(panel.settings || mustAsk) && (
        <Suspense fallback={null}>
          <Settings found={found} server={server} choice={choice} choose={choose} onClose={closeSettings} canClose={!mustAsk} />
        </Suspense>
      )}
    </>
  )
}
