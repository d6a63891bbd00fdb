import { useEffect, useRef, useState } from 'react'

import { Icon } from '../parts/Icon.jsx'
import { IconButton } from '../parts/IconButton.jsx'
import { Files } from './Files.jsx'

/** A question. With `onEdit`, the person can edit it and ask again. */
export function Question({ question, onEdit }) {
  const [isEdited, setIsEdited] = useState(false)
  if (isEdited && onEdit) return <Editor text={question.text} onClose={() => setIsEdited(false)} onEdit={onEdit} />
  return (
    <div className="question-row">
      {onEdit && <IconButton icon="compose" className="small edit" label="Edit the question" onClick={() => setIsEdited(true)} />}
      <div className="question">
        <h2>
          <span className="unseen">You: </span>
          {question.text}
        </h2>
        {question.uploads && <Files files={question.uploads} />}
      </div>
    </div>
  )
}

function Editor({ text, onClose, onEdit }) {
  const [draft, setDraft] = useState(text)
  const field = useRef(null)
  const asked = draft.trim()

  useEffect(() => {
    field.current.focus()
    field.current.setSelectionRange(text.length, text.length)
  }, [text])

  const ask = () => {
    if (asked === '') return
    onClose()
    onEdit(asked)
  }

  const onKeyDown = (event) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Escape') {
      event.preventDefault()
      onClose()
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      ask()
    }
  }

  return (
    <form
      className="editor"
      onSubmit={(event) => {
        event.preventDefault()
        ask()
      }}
    >
      <textarea ref={field} value={draft} rows={1} aria-label="The question in other words" onChange={(event) => setDraft(event.target.value)} onKeyDown={onKeyDown} />
      <p>Later messages are removed, and the chatflow forgets them.</p>
      <span>
        <button type="button" className="quiet" onClick={onClose}>
          Cancel
        </button>
        <button type="submit" className="primary" disabled={asked === ''}>
          <Icon name="retry" />
          <span>Ask again</span>
        </button>
      </span>
    </form>
  )
}
