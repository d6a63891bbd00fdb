import { Icon } from '../parts/Icon.jsx'

/** The model's thinking before the answer. It is expanded while the model thinks. */
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
