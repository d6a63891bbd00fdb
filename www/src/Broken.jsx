import { remember } from './storage.js'

/** Shown if the page cannot render. Stored settings may be the cause, so a button deletes them. */
export function Broken({ error }) {
  const reset = () => {
    remember('choice', undefined)
    location.replace(location.pathname)
  }
  return (
    <main className="broken" role="alert">
      <h1>The page cannot go on</h1>
      <p>Loading it again may help. If it fails again, reset its settings: the stored server, chatflow and key.</p>
      <p className="broken-detail">{String(error.message)}</p>
      <p>
        <button type="button" className="primary" onClick={() => location.reload()}>
          Load again
        </button>
        <button type="button" className="secondary" onClick={reset}>
          Reset the settings
        </button>
      </p>
    </main>
  )
}
