import { useId } from 'react'

import '../style/form.css'
import { Icon } from '../parts/Icon.jsx'

/** The form that an AgentFlow begins with. */
export function StartForm({ form: { title, description, fields }, onSend }) {
  const send = (event) => {
    event.preventDefault()
    const { elements } = event.target
    onSend(Object.fromEntries(fields.map(({ name, type }) => [name, valueOf(elements.namedItem(name), type)])))
  }
  return (
    <form className="start-form" onSubmit={send} aria-label={title || 'Form'}>
      {title && <h3>{title}</h3>}
      {description && <p>{description}</p>}
      {fields.map((field) => (
        <Field key={field.name} {...field} />
      ))}
      <button type="submit" className="primary">
        <Icon name="send" />
        <span>Start</span>
      </button>
    </form>
  )
}

function Field({ name, label, type, options = [] }) {
  const id = useId()
  return (
    <div className={type === 'boolean' ? 'field in-line' : 'field'}>
      <label htmlFor={id}>{label}</label>
      {type === 'options' ? (
        <select id={id} name={name} required>
          {options.map((option) => (
            <option key={option}>{option}</option>
          ))}
        </select>
      ) : (
        <input id={id} name={name} type={INPUTS[type] ?? 'text'} required={type !== 'boolean'} autoComplete="off" />
      )}
    </div>
  )
}

const INPUTS = { number: 'number', boolean: 'checkbox' }

function valueOf(element, type) {
  if (type === 'boolean') return element.checked
  return type === 'number' ? element.valueAsNumber : element.value
}
