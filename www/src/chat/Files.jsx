import { useEffect, useState } from 'react'

import { Icon } from '../parts/Icon.jsx'
import { IconButton } from '../parts/IconButton.jsx'

/** The files of a question: those to be sent, or the uploads that were sent. */
export function Files({ files, onRemove }) {
  return (
    <ul className="files" aria-label="Files">
      {files.map((file, index) => (
        <li key={`${file.name} ${index}`}>
          {isPicture(file) ? <Picture file={file} /> : <Icon name="document" />}
          <span>{file.name}</span>
          {onRemove && <IconButton icon="close" className="small" label={`Remove ${file.name}`} onClick={() => onRemove(file)} />}
        </li>
      ))}
    </ul>
  )
}

// The picture of an upload is not stored, so it is missing after a reload.
const isPicture = (file) => (file instanceof File ? file.type.startsWith('image/') : Boolean(file.data?.startsWith('data:image/')))

function Picture({ file }) {
  const [url, setUrl] = useState()

  useEffect(() => {
    if (!(file instanceof File)) {
      setUrl(file.data)
      return undefined
    }
    const made = URL.createObjectURL(file)
    setUrl(made)
    return () => URL.revokeObjectURL(made)
  }, [file])

  return url ? <img src={url} alt="" /> : null
}
