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
        <div className="all">
          {byDay(chats).map(([day, ofDay]) => (
            <section key={day} aria-label={day}>
              <h3>{day}</h3>
              <ul>
                {ofDay.map(({ id, title, updatedAt }) => (
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
                        <button type="button" className="conversation" title={when(updatedAt)} aria-current={id === shownId} onClick={() => open(id)}>
                          <span>{title || 'Untitled'}</span>
                        </button>
                        <IconButton icon="compose" className="small" label={`Rename ${title}`} onClick={() => setRenamed(id)} />
                        <IconButton icon="remove" className="small" label={`Delete ${title}`} onClick={() => remove(id)} />
                      </>
                    )}
                  </li>
                ))}
              </ul>
            </section>
          ))}
        </div>
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

const when = (ms) => new Date(ms).toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' })

/** The conversations, latest first, by the day of their last message: `[day, chats]`. */
function byDay(chats) {
  const midnight = new Date().setHours(0, 0, 0, 0)
  const days = [
    ['Today', midnight],
    ['Yesterday', new Date(midnight).setDate(new Date(midnight).getDate() - 1)],
    ['Earlier', -Infinity],
  ]
  const found = new Map()
  for (const chat of chats) {
    const [day] = days.find(([, since]) => chat.updatedAt >= since)
    found.set(day, [...(found.get(day) ?? []), chat])
  }
  return [...found]
}
