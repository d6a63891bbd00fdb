import { useId, useRef, useState } from 'react'

import './style/flows.css'
import { Icon } from './parts/Icon.jsx'

const KINDS = { scripted: 'Scripted', recorded: 'Recorded from real servers', trouble: 'Trouble' }

const nameOf = ({ name }) => name.charAt(0).toUpperCase() + name.slice(1)

/** The dev server's flows, with a description of each. `children` are above the list. */
export function FlowPicker({ flows, server, onPick, children }) {
  const [sought, setSought] = useState('')
  const panel = useRef(null)
  const field = useRef(null)
  const id = useId()
  const usable = flows.filter(({ generations }) => generations.includes(server.generation))
  const found = usable.filter(({ name, about }) => `${name} ${about}`.toLowerCase().includes(sought.trim().toLowerCase()))

  const pick = (flow) => {
    panel.current.hidePopover()
    onPick(flow.id)
  }

  const onToggle = (event) => {
    if (event.newState !== 'open') return
    setSought('')
    // On a phone, focus would open the keyboard over the list.
    if (matchMedia('(hover: hover)').matches) field.current.focus()
    panel.current.querySelector('[aria-current=true]')?.scrollIntoView({ block: 'center' })
  }

  return (
    <div className="flow-picker">
      <button type="button" className="flow-button" popoverTarget={id} aria-haspopup="dialog">
        <span className="unseen">Chatflow: </span>
        <span className="flow-name">{server.flow ? nameOf(server.flow) : server.chatflowId}</span>
        <Icon name="chevron" />
      </button>
      <div id={id} ref={panel} popover="auto" className="flows" role="dialog" aria-label="Chatflows" onToggle={onToggle}>
        {children}
        <input
          ref={field}
          type="search"
          value={sought}
          onChange={(event) => setSought(event.target.value)}
          placeholder={`Find one of ${usable.length} chatflows`}
          aria-label="Find a chatflow"
        />
        <div className="flows-list">
          {Object.entries(KINDS).map(([kind, title]) => {
            const ofKind = found.filter((flow) => flow.kind === kind)
            if (ofKind.length === 0) return null
            return (
              <section key={kind} aria-label={title}>
                <h2>{title}</h2>
                <ul>
                  {ofKind.map((flow) => (
                    <li key={flow.id}>
                      <button type="button" aria-current={flow.id === server.chatflowId} onClick={() => pick(flow)}>
                        <strong>{nameOf(flow)}</strong>
                        <span>{flow.about}</span>
                      </button>
                    </li>
                  ))}
                </ul>
              </section>
            )
          })}
          {found.length === 0 && <p>No chatflow like that.</p>}
        </div>
      </div>
    </div>
  )
}
