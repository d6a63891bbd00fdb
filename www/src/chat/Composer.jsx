import { useEffect, useRef, useState } from 'react'

import { Icon } from '../parts/Icon.jsx'
import { IconButton } from '../parts/IconButton.jsx'
import { Files } from './Files.jsx'
import { Queue } from './Queue.jsx'
import { isAccepted } from './files.js'
import { useDrop } from './useDrop.js'

/**
 * The field for questions. While an answer arrives, a button stops it, and further questions wait in the `queue`. `accept`: the
 * file types that a question may include.
 */
export function Composer({ draft, setDraft, busy, accept, queue, onSend, onStop, onUnqueue }) {
  const field = useRef(null)
  const chooser = useRef(null)
  const [files, setFiles] = useState([])
  const [problem, setProblem] = useState('')

  // On a phone, focus would open the keyboard over the page.
  useEffect(() => {
    if (matchMedia('(hover: hover)').matches) field.current.focus()
  }, [])

  const send = (event) => {
    event?.preventDefault()
    const question = draft.trim()
    if (question === '') return
    onSend({ question, files })
    setDraft('')
    setFiles([])
    setProblem('')
  }

  const addFiles = (added) => {
    const refused = added.filter((file) => !isAccepted(file, accept))
    setFiles((known) => [...known, ...added.filter((file) => !refused.includes(file))])
    setProblem(refused.length > 0 ? `The chatflow takes no files like ${refused.map(({ name }) => name).join(', ')}.` : '')
    field.current.focus()
  }

  const isOver = useDrop(addFiles)

  const onPaste = (event) => {
    const pasted = [...event.clipboardData.files]
    // Some applications paste text together with a picture of it.
    if (pasted.length === 0 || event.clipboardData.types.includes('text/plain')) return
    event.preventDefault()
    addFiles(pasted)
  }

  const onKeyDown = (event) => {
    // In Chinese or Japanese, Enter also confirms a word of the input method.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    send()
  }

  return (
    <form className="composer" onSubmit={send}>
      <Queue queue={queue} onRemove={onUnqueue} />
      {files.length > 0 && (
        <Files files={files} onRemove={(file) => setFiles((known) => known.filter((other) => other !== file))} />
      )}
      {problem && (
        <p className="composer-problem" role="alert">
          {problem}
        </p>
      )}
      <div className={`composer-box ${accept ? 'with-files' : ''} ${isOver ? 'dropping' : ''}`}>
        {accept && (
          <>
            <IconButton icon="file" label="Add files" className="add-files" onClick={() => chooser.current.click()} />
            <input
              ref={chooser}
              type="file"
              accept={accept}
              multiple
              hidden
              onChange={(event) => {
                const chosen = [...event.target.files]
                event.target.value = ''
                addFiles(chosen)
              }}
              aria-label="Files"
            />
          </>
        )}
        <textarea
          ref={field}
          value={draft}
          onChange={(event) => setDraft(event.target.value)}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
          rows={1}
          placeholder="Ask the chatflow"
          aria-label="Your question"
          title="Enter sends, Shift and Enter make a new line"
          enterKeyHint="send"
        />
        {busy && (
          <button type="button" className="round stop" onClick={onStop} aria-label="Stop the answer" title="Stop (Esc)">
            <Icon name="stop" />
          </button>
        )}
        {busy ? (
          draft.trim() !== '' && (
            <button type="submit" className="round" aria-label="Ask next" title="Ask when the answer is over (Enter)">
              <Icon name="send" />
            </button>
          )
        ) : (
          <button type="submit" className="round" disabled={draft.trim() === ''} aria-label="Send" title="Send (Enter)">
            <Icon name="send" />
          </button>
        )}
      </div>
    </form>
  )
}
