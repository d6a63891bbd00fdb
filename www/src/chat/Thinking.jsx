import { Icon } from '../parts/Icon.jsx'

/** What the model thought before it answered: open while it does. */
export function Thinking({ text, seconds, active }) {
  const words = active ? 'Thinking…' : seconds ? `Thought for ${seconds} s` : 'Thoughts'
  return (
    <details className="fold thinking" open={active}>
      <summary>
        <Icon name="brain" />
        <span>{words}</span>
        <Icon name="chevron" />
      </summary>
      <p>{text}</p>
    </details>
  )
}
