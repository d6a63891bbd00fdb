import { useEffect, useId, useRef, useState } from 'react'

import '../style/settings.css'
import { Icon } from '../parts/Icon.jsx'
import { IconButton } from '../parts/IconButton.jsx'
import { askServer, checkServer, findMistake, splitUrl } from './check.js'

/** The server settings. The fields start with the values of `server`. */
export default function Settings({ found, server, choice, choose, onClose, canClose }) {
  const dialog = useRef(null)
  const own = choice.own
  const [url, setUrl] = useState(server?.url ?? '')
  const [chatflowId, setChatflowId] = useState(server?.chatflowId ?? '')
  const [apiKey, setApiKey] = useState(own?.apiKey ?? '')
  const [rememberKey, setRememberKey] = useState(Boolean(own?.rememberKey))
  const [check, setCheck] = useState(null)
  const hasDevServer = found.servers.length > 0

  useEffect(() => {
    const element = dialog.current
    if (!element.open) element.showModal()
  }, [])

  // A prediction URL contains both.
  const onUrl = (value) => {
    const split = splitUrl(value.trim())
    setUrl(split.chatflowId ? split.url : value)
    if (split.chatflowId) setChatflowId(split.chatflowId)
    setCheck(null)
  }

  const entered = () => ({ url: splitUrl(url.trim()).url, chatflowId: chatflowId.trim(), apiKey: apiKey.trim(), rememberKey })

  const run = async (title, asked) => {
    setCheck({ state: 'busy', title })
    setCheck(await asked(entered()))
  }
  const onCheck = () => run('Asking the server…', checkServer)
  const onAsk = () => run('Asking the chatflow…', askServer)

  const onSubmit = (event) => {
    event.preventDefault()
    const mistake = findMistake(entered())
    if (mistake) {
      setCheck(mistake)
      return
    }
    choose({ own: entered() })
    onClose()
  }

  return (
    <dialog
      ref={dialog}
      className="settings"
      aria-labelledby="settings-title"
      onClose={onClose}
      onCancel={(event) => canClose || event.preventDefault()}
    >
      <form onSubmit={onSubmit}>
        <header>
          <h2 id="settings-title">{canClose ? 'Settings' : 'Where is your Flowise?'}</h2>
          {canClose && <IconButton icon="close" label="Close" onClick={() => dialog.current.close()} />}
        </header>
        {hasDevServer && (
          <p className="settings-now">
            {own
              ? 'The page talks to a server of yours.'
              : 'The page talks to the server that came with it. To try your own chatflow, say where it is.'}
            {own && (
              <button
                type="button"
                className="quiet"
                onClick={() => {
                  choose({ own: undefined })
                  dialog.current.close()
                }}
              >
                Back to the demo’s
              </button>
            )}
          </p>
        )}
        <Field label="Address of Flowise, or the whole prediction URL">
          {(ids) => (
            <input
              {...ids}
              type="url"
              required
              value={url}
              onChange={(event) => onUrl(event.target.value)}
              placeholder="http://localhost:3000"
              autoComplete="url"
              spellCheck="false"
            />
          )}
        </Field>
        <Field label="Chatflow" hint="The id in the address of Flowise’s canvas.">
          {(ids) => (
            <input
              {...ids}
              required
              value={chatflowId}
              onChange={(event) => {
                setChatflowId(event.target.value)
                setCheck(null)
              }}
              placeholder="e161ba09-c410-4955-aa7c-d0d1a3b3f6d2"
              autoComplete="off"
              spellCheck="false"
            />
          )}
        </Field>
        <Field label="API key, if the chatflow has one" hint="It goes to this server only, and is forgotten with the page.">
          {(ids) => (
            <input
              {...ids}
              type="password"
              value={apiKey}
              onChange={(event) => {
                setApiKey(event.target.value)
                setCheck(null)
              }}
              autoComplete="off"
            />
          )}
        </Field>
        <label className="tick">
          <input type="checkbox" checked={rememberKey} onChange={(event) => setRememberKey(event.target.checked)} />
          <span>Remember the key in this browser</span>
        </label>
        <div className="check" role="status" aria-live="polite">
          {check && (
            <p className={`check-result ${check.state}`}>
              <Icon name={check.state === 'good' ? 'check' : check.state === 'busy' ? 'action' : 'warning'} />
              <span>
                <strong>{check.title}</strong>
                {check.advice && <span>{check.advice}</span>}
                {check.mayAsk && (
                  <button type="button" className="secondary" onClick={onAsk}>
                    Ask it “Hello”
                  </button>
                )}
              </span>
            </p>
          )}
        </div>
        <footer>
          <button type="button" className="secondary" onClick={onCheck} disabled={check?.state === 'busy'}>
            Check my server
          </button>
          <button type="submit" className="primary">
            Use it
          </button>
        </footer>
      </form>
    </dialog>
  )
}

/** A label, a field and its hint. `children` receives the ids that connect them. */
function Field({ label, hint, children }) {
  const id = useId()
  const hintId = `${id}-hint`
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({ id, 'aria-describedby': hint ? hintId : undefined })}
      {hint && <small id={hintId}>{hint}</small>}
    </div>
  )
}
