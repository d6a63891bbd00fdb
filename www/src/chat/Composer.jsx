import { useEffect, useRef, useState } from 'react'

import { Icon } from '../parts/Icon.jsx'
import { IconButton } from '../parts/IconButton.jsx'
import { Files } from './Files.jsx'

/** Where the question is written. While an answer comes in, the button stops it. `accept`: the files that may go with it. */
export function Composer({ draft, setDraft, busy, accept, onSend, onStop, onClear }) {
  const field = useRef(null)
  const chooser = useRef(null)
  const [files, setFiles] = useState([])

  // On a phone this would open the keyboard over the page.
  useEffect(() => {
    if (matchMedia('(hover: hover)').matches) field.current.focus()
  }, [])

  const send = (event) => {
    event?.preventDefault()
    const question = draft.trim()
    if (busy || question === '') return
    onSend(question, { files })
    setDraft('')
    setFiles([])
  }

  const addFiles = (event) => {
    const chosen = [...event.target.files]
    event.target.value = ''
    setFiles((known) => [...known, ...chosen])
    field.current.focus()
  }

  const onKeyDown = (event) => {
    // Enter also ends the writing of a word in Chinese or Japanese.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    send()
  }

  return (
    <form className="composer" onSubmit={send}>
      {files.length > 0 && (
        <Files files={files} onRemove={(file) => setFiles((known) => known.filter((other) => other !== file))} />
      )}
      <div className={accept ? 'composer-box with-files' : 'composer-box'}>
        {accept && (
          <>
            <IconButton icon="file" label="Add files" className="add-files" onClick={() => chooser.current.click()} />
            <input ref={chooser} type="file" accept={accept} multiple hidden onChange={addFiles} aria-label="Files" />
          </>
        )}
        <textarea
          ref={field}
          value={draft}
          onChange={(event) => setDraft(event.target.value)}
          onKeyDown={onKeyDown}
          rows={1}
          placeholder="Ask the chatflow"
          aria-label="Your question"
          enterKeyHint="send"
        />
        {busy ? (
          <button type="button" className="round stop" onClick={onStop} aria-label="Stop the answer" title="Stop (Esc)">
            <Icon name="stop" />
          </button>
        ) : (
          <button type="submit" className="round" disabled={draft.trim() === ''} aria-label="Send" title="Send (Enter)">
            <Icon name="send" />
          </button>
        )}
      </div>
      <p className="composer-hint">
        <span className="keys">
          <kbd>Enter</kbd> sends, <kbd>Shift</kbd> <kbd>Enter</kbd> makes a new line, <kbd>Esc</kbd> stops
        </span>
        {onClear && (
          <button type="button" className="quiet" onClick={onClear}>
            <Icon name="plus" />
            <span>New chat</span>
          </button>
        )}
      </p>
    </form>
  )
}
