import { Icon } from '../parts/Icon.jsx'
import { describeError } from './describeError.js'

/** Shows an error, and what to do about it. */
export function Failure({ error, onRetry, onSettings }) {
  const { title, advice, detail, remedy, code, status } = describeError(error)
  return (
    <div className="failure">
      <Icon name="warning" />
      <div>
        <p className="failure-title">{title}</p>
        <p>{advice}</p>
        <p className="failure-detail">
          {`${detail} `}
          {code && <code>{status ? `${code}, HTTP ${status}` : code}</code>}
        </p>
        <div className="failure-actions">
          {onRetry && (
            <button type="button" className="primary" onClick={onRetry}>
              Try again
            </button>
          )}
          {remedy === 'settings' && (
            <button type="button" className="secondary" onClick={onSettings}>
              Settings
            </button>
          )}
        </div>
      </div>
    </div>
  )
}
