import { Icon } from './Icon.jsx'

/** A button with only an icon, and an accessible name. */
export function IconButton({ icon, label, className = '', ...props }) {
  return (
    <button type="button" className={`icon-button ${className}`} aria-label={label} title={label} {...props}>
      <Icon name={icon} />
    </button>
  )
}
