import { useEffect, useRef, useState } from 'react'

const hasFiles = ({ dataTransfer }) => dataTransfer?.types.includes('Files')

/** Takes files that are dropped anywhere on the page, which the browser would open instead. Returns whether files are being dragged over it. */
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
    // `dragleave` fires for every element; without a related target, the drag has left the page.
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
