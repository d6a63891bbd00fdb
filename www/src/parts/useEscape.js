import { useEffect } from 'react'

/**
 * Calls `onEscape` for the Escape key while `isActive`, unless the key closes something in front: a dialog, a popover
 * or another element that uses this hook. `isInFront`: is asked before the others.
 */
export function useEscape(isActive, onEscape, isInFront = false) {
  useEffect(() => {
    if (!isActive) return undefined
    const onKey = (event) => {
      // In Chinese or Japanese, Escape also cancels a word of the input method.
      if (event.key !== 'Escape' || event.defaultPrevented || event.isComposing) return
      if (document.querySelector('dialog[open], :popover-open')) return
      event.preventDefault()
      onEscape()
    }
    addEventListener('keydown', onKey, isInFront)
    return () => removeEventListener('keydown', onKey, isInFront)
  }, [isActive, onEscape, isInFront])
}
