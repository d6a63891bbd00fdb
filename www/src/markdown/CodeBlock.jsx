import { CopyButton } from '../parts/CopyButton.jsx'

/** Code, as it is, with its language and a button that copies it. */
export function CodeBlock({ code, language }) {
  const name = (language ?? '').split(/\s/, 1)[0]
  return (
    <figure className="code">
      <figcaption>
        <span>{name || 'code'}</span>
        <CopyButton text={code} label="Copy code" />
      </figcaption>
      <pre tabIndex={0} aria-label={name ? `${name} code` : 'code'}>
        <code>{code}</code>
      </pre>
    </figure>
  )
}
