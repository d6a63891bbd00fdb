import { FlowPicker } from './FlowPicker.jsx'
import { Generations } from './Generations.jsx'
import { Icon } from './parts/Icon.jsx'
import { IconButton } from './parts/IconButton.jsx'
import { ThemeButton } from './parts/ThemeButton.jsx'
import { generationName, generationOf, transportName } from './servers.js'

/** Shows the server and the transport. */
export function Header({
  found,
  server,
  choose,
  connection,
  inspectorOpen,
  inspectorButton,
  chatsOpen,
  chatsButton,
  onChats,
  onInspector,
  onNewChat,
  onSettings,
}) {
  return (
    <header className="bar">
      <span className="brand">
        <img src="./icon.svg" alt="" width="28" height="28" />
        <span className="brand-name">flowise-stream</span>
      </span>
      {server && (server.isOwn ? <OwnServer server={server} /> : <Choices found={found} server={server} choose={choose} />)}
      {server && <Connection connection={connection} server={server} />}
      <span className="tools">
        <IconButton ref={chatsButton} icon="chats" label="Conversations" aria-pressed={chatsOpen} disabled={!onChats} onClick={onChats} />
        <button type="button" className="quiet new-chat" disabled={!onNewChat} onClick={onNewChat} title="New chat">
          <Icon name="compose" />
          <span>New chat</span>
        </button>
        <IconButton ref={inspectorButton} icon="inspect" label="Events" aria-pressed={inspectorOpen} onClick={onInspector} />
        <ThemeButton />
        <IconButton icon="settings" label="Settings" onClick={onSettings} />
      </span>
    </header>
  )
}

function Choices({ found, server, choose }) {
  const generations = found.servers.map(({ generation }) => generation).filter(Boolean)
  if (generations.length < 2 && found.flows.length === 0) return <OwnServer server={server} />
  const select = <Generations generations={generations} chosen={server.generation} choose={choose} />
  return (
    <div className="choices">
      {select}
      {found.flows.length > 0 && (
        // A narrow bar has no room for both.
        <FlowPicker flows={found.flows} server={server} onPick={(flow) => choose({ flow })}>
          {select}
        </FlowPicker>
      )}
    </div>
  )
}

function OwnServer({ server }) {
  return (
    <span className="own-server" title={`${server.url}, chatflow ${server.chatflowId}`}>
      {hostOf(server.url)}
    </span>
  )
}

function hostOf(url) {
  try {
    return new URL(url).host
  } catch {
    return url
  }
}

const STATES = { connecting: 'Connecting…', connected: 'Connected', reconnecting: 'Reconnecting…', failed: 'Not connected' }

function Connection({ connection, server }) {
  const { status, transport, error } = connection
  const generation = server.generation ? generationName(server.generation) : generationOf(transport)
  const wire = transport && `${generation}, ${transportName(transport)}`
  return (
    <span className={`connection ${status}`} role="status" title={status === 'connected' ? wire : error?.message}>
      <span className="dot" aria-hidden="true" />
      <span className="state">{STATES[status]}</span>
      {status === 'connected' && transport && <span className="wire">{transportName(transport)}</span>}
    </span>
  )
}
