import { useEffect, useState } from 'react'

import { CopyButton } from '../parts/CopyButton.jsx'
import { knownLanguage } from './languages.js'

// Longer code is not highlighted: each change would highlight all of it again.
const MOST_COLOURED = 10_000

let loading

/** A block of code with its language and a copy button. */
export function CodeBlock({ code, language }) {
  const name = (language ?? '').split(/\s/, 1)[0]
  return (
    <figure className="code">
      <figcaption>
        <span>{name || 'code'}</span>
        <CopyButton text={code} label="Copy code" />
      </figcaption>
      <pre tabIndex={0} aria-label={name ? `${name} code` : 'code'}>
        <code>
          <Coloured code={code} language={code.length > MOST_COLOURED ? undefined : knownLanguage(name)} />
        </code>
      </pre>
    </figure>
  )
}

/** Code that is plain until the highlighter has loaded, and stays plain if it cannot. */
function Coloured({ code, language }) {
  const [highlighter, setHighlighter] = useState()

  useEffect(() => {
    if (!language) return undefined
    let wanted = true
    loading ??= import('./highlight.js')
    loading.then(
      (loaded) => wanted && setHighlighter(loaded),
      () => (loading = undefined),
    )
    return () => {
      wanted = false
    }
  }, [language])

  if (!language || !highlighter) return code
  return highlighter
    .highlight(code, language)
    .map(([text, type], index) => (type ? <span key={index} className={`syn-${type}`}>{text}</span> : text))
}
