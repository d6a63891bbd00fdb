import { useEffect, useRef, useState } from 'react'

import '../style/conversations.css'
import { IconButton } from '../parts/IconButton.jsx'
import { useEscape } from '../parts/useEscape.js'
import { useMedia } from '../parts/useMedia.js'

/** The stored conversations with this chatflow, beside the chat; on a phone, in a drawer over it. */
export default function Conversations({ chat, shownId, chats, onClose }) {
  const panel = useRef(null)
  const [renamed, setRenamed] = useState()

  const isDrawer = useMedia('(max-width: 60rem)')
  useEscape(isDrawer, onClose, true)

  useEffect(() => {
    if (isDrawer) panel.current.querySelector('button').focus()
  }, [isDrawer])

  const open = (id) => {
    chat.open(id)
    if (isDrawer) onClose()
  }

  const remove = async (id) => {
    await chat.remove(id)
    // The focused button was removed.
    panel.current?.querySelector('button').focus()
  }

  return (
    <>
      <div className="behind-conversations" onClick={onClose} />
      <nav className="conversations" aria-label="Conversations" ref={panel}>
        <header>
          <h2>Conversations</h2>
          <IconButton icon="close" label="Close the conversations" onClick={onClose} />
        </header>
        <ul>
          {chats.map(({ id, title, updatedAt }) => (
            <li key={id} className={id === shownId ? 'shown' : undefined}>
              {renamed === id ? (
                <Rename
                  title={title}
                  onRename={(next) => {
                    if (next && next !== title) chat.rename(id, next)
                    setRenamed(undefined)
                  }}
                />
              ) : (
                <>
                  <button type="button" className="conversation" aria-current={id === shownId} onClick={() => open(id)}>
                    <span>{title || 'Untitled'}</span>
                    <time dateTime={new Date(updatedAt).toISOString()}>{when(updatedAt)}</time>
                  </button>
                  <IconButton icon="compose" className="small" label={`Rename ${title}`} onClick={() => setRenamed(id)} />
                  <IconButton icon="remove" className="small" label={`Delete ${title}`} onClick={() => remove(id)} />
                </>
              )}
            </li>
          ))}
        </ul>
        {chats.length === 0 && <p>What you ask is kept in this browser, and listed here.</p>}
      </nav>
    </>
  )
}

function Rename({ title, onRename }) {
  const [text, setText] = useState(title)
  const field = useRef(null)

  useEffect(() => {
    field.current.select()
  }, [])

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        onRename(text.trim())
      }}
    >
      <input
        ref={field}
        value={text}
        aria-label="Title"
        onChange={(event) => setText(event.target.value)}
        onBlur={() => onRename(text.trim())}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return
          event.preventDefault()
          onRename()
        }}
      />
    </form>
  )
}

/** The time of day for today, the date for other days. */
function when(ms) {
  const then = new Date(ms)
  const isToday = then.toDateString() === new Date().toDateString()
  return isToday ? then.toLocaleTimeString('en', { hour: 'numeric', minute: '2-digit' }) : then.toLocaleDateString('en', { day: 'numeric', month: 'short' })
}
