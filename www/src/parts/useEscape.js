import { useEffect } from 'react'

/**
 * Calls `onEscape` for the Escape key while `isActive`, but not for one that closes something in front: a dialog, a popover,
 * or what another user of this has closed. `isInFront`: asked before those that are not.
 */
export function useEscape(isActive, onEscape, isInFront = false) {
  useEffect(() => {
    if (!isActive) return undefined
    const onKey = (event) => {
      // Escape also drops a word that is being written in Chinese or Japanese.
      if (event.key !== 'Escape' || event.defaultPrevented || event.isComposing) return
      if (document.querySelector('dialog[open], :popover-open')) return
      event.preventDefault()
      onEscape()
    }
    addEventListener('keydown', onKey, isInFront)
    return () => removeEventListener('keydown', onKey, isInFront)
  }, [isActive, onEscape, isInFront])
}
