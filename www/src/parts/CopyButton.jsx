import { useEffect, useState } from 'react'

import { Icon } from './Icon.jsx'

/** Copies a text, and confirms it for a moment. */
export function CopyButton({ text, label = 'Copy', className = 'quiet' }) {
  const [state, setState] = useState('idle')

  useEffect(() => {
    if (state === 'idle') return
    const timer = setTimeout(() => setState('idle'), 1600)
    return () => clearTimeout(timer)
  }, [state])

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      setState('copied')
    } catch {
      setState('failed')
    }
  }

  const words = { idle: label, copied: 'Copied', failed: 'Not allowed' }[state]
  return (
    <button type="button" className={className} onClick={copy}>
      <Icon name={state === 'copied' ? 'check' : 'copy'} />
      <span>{words}</span>
    </button>
  )
}
