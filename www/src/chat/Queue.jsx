import { IconButton } from '../parts/IconButton.jsx'

/** The questions that wait for the answer to end. */
export function Queue({ queue, onRemove }) {
  if (queue.length === 0) return null
  return (
    <ol className="queue" aria-label="Asked next">
      {queue.map(({ id, text }) => (
        <li key={id}>
          <span>{text}</span>
          <IconButton icon="close" className="small" label={`Do not ask ${text}`} onClick={() => onRemove(id)} />
        </li>
      ))}
    </ol>
  )
}
