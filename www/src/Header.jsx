import { FlowPicker } from './FlowPicker.jsx'
import { IconButton } from './parts/IconButton.jsx'
import { ThemeButton } from './parts/ThemeButton.jsx'
import { generationName, generationOf, generationWire, transportName } from './servers.js'

/** What the page talks to, and over which wire. */
export function Header({ found, server, choose, connection, inspectorOpen, onInspector, onSettings }) {
  return (
    <header className="bar">
      <span className="brand">
        <img src="./icon.svg" alt="" width="28" height="28" />
        <span className="brand-name">flowise-stream</span>
      </span>
      {server && (server.isOwn ? <OwnServer server={server} /> : <Choices found={found} server={server} choose={choose} />)}
      {server && <Connection connection={connection} server={server} />}
      <span className="tools">
        <IconButton icon="inspect" label="Events" aria-pressed={inspectorOpen} onClick={onInspector} />
        <ThemeButton />
        <IconButton icon="settings" label="Settings" onClick={onSettings} />
      </span>
    </header>
  )
}

function Choices({ found, server, choose }) {
  const servers = found.servers.filter(({ generation }) => generation)
  if (servers.length < 2 && found.flows.length === 0) return <OwnServer server={server} />
  return (
    <div className="choices">
      {servers.length > 1 && (
        <fieldset className="generations">
          <legend className="unseen">Server</legend>
          {servers.map(({ generation }) => (
            <label key={generation}>
              <input
                type="radio"
                name="generation"
                value={generation}
                checked={server.generation === generation}
                onChange={() => choose({ generation })}
              />
              <span>
                {generationName(generation)}
                <small> · {generationWire(generation)}</small>
              </span>
            </label>
          ))}
        </fieldset>
      )}
      {found.flows.length > 0 && <FlowPicker flows={found.flows} server={server} onPick={(flow) => choose({ flow })} />}
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

const STATES = { connecting: 'Connecting…', connected: 'Connected', reconnecting: 'Reconnecting…' }

function Connection({ connection, server }) {
  const { status, transport, error } = connection
  const generation = server.generation ? generationName(server.generation) : generationOf(transport)
  const wire = transport && `${generation}, ${transportName(transport)}`
  return (
    <span className={`connection ${status}`} role="status" title={status === 'reconnecting' ? error?.message : wire}>
      <span className="dot" aria-hidden="true" />
      <span className="state">{STATES[status]}</span>
      {status === 'connected' && transport && <span className="wire">{transportName(transport)}</span>}
    </span>
  )
}
