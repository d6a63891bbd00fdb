import { useEffect, useState } from 'react'

import { IconButton } from './IconButton.jsx'

const dark = matchMedia('(prefers-color-scheme: dark)')

/** Switches between the system's theme and the other one. */
export function ThemeButton() {
  const [chosen, setChosen] = useState(document.documentElement.dataset.theme)
  const [system, setSystem] = useState(dark.matches ? 'dark' : 'light')

  useEffect(() => {
    const changed = () => setSystem(dark.matches ? 'dark' : 'light')
    dark.addEventListener('change', changed)
    return () => dark.removeEventListener('change', changed)
  }, [])

  const other = (chosen ?? system) === 'dark' ? 'light' : 'dark'
  const toggle = () => {
    const next = other === system ? undefined : other
    setChosen(next)
    if (next) document.documentElement.dataset.theme = next
    else delete document.documentElement.dataset.theme
    try {
      // A plain string instead of JSON: `theme.js` reads it before any other code runs.
      if (next) localStorage.setItem('flowise-stream.theme', next)
      else localStorage.removeItem('flowise-stream.theme')
    } catch {
      // The choice lasts as long as the page.
    }
  }

  return <IconButton icon={other === 'dark' ? 'moon' : 'sun'} label={`Use the ${other} theme`} onClick={toggle} />
}
