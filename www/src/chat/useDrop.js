import { useEffect, useRef, useState } from 'react'

const hasFiles = ({ dataTransfer }) => dataTransfer?.types.includes('Files')

/** Hands over the files that are dropped anywhere on the page, which the browser would open in its place; says if some are over it. */
export function useDrop(onFiles) {
  const [isOver, setIsOver] = useState(false)
  const latest = useRef(onFiles)

  useEffect(() => {
    latest.current = onFiles
  })

  useEffect(() => {
    const onDragOver = (event) => {
      if (!hasFiles(event)) return
      event.preventDefault()
      setIsOver(true)
    }
    // It fires for each element that is left; the page itself is left for nothing.
    const onDragLeave = (event) => {
      if (event.relatedTarget === null) setIsOver(false)
    }
    const onDrop = (event) => {
      if (!hasFiles(event)) return
      event.preventDefault()
      setIsOver(false)
      latest.current([...event.dataTransfer.files])
    }
    const abort = new AbortController()
    const { signal } = abort
    addEventListener('dragover', onDragOver, { signal })
    addEventListener('dragleave', onDragLeave, { signal })
    addEventListener('drop', onDrop, { signal })
    return () => abort.abort()
  }, [])

  return isOver
}
