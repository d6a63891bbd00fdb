import { Icon } from './Icon.jsx'

/** A button that is only a picture to the eye, and a name to everyone else. */
export function IconButton({ icon, label, className = '', ...props }) {
  return (
    <button type="button" className={`icon-button ${className}`} aria-label={label} title={label} {...props}>
      <Icon name={icon} />
    </button>
  )
}
