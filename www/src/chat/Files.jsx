import { useEffect, useState } from 'react'

import { Icon } from '../parts/Icon.jsx'
import { IconButton } from '../parts/IconButton.jsx'

/** Files that go, or went, with a question. */
export function Files({ files, onRemove }) {
  return (
    <ul className="files" aria-label="Files">
      {files.map((file, index) => (
        <li key={`${file.name} ${index}`}>
          {file.type.startsWith('image/') ? <Picture file={file} /> : <Icon name="document" />}
          <span>{file.name}</span>
          {onRemove && <IconButton icon="close" className="small" label={`Remove ${file.name}`} onClick={() => onRemove(file)} />}
        </li>
      ))}
    </ul>
  )
}

function Picture({ file }) {
  const [url, setUrl] = useState()

  useEffect(() => {
    const made = URL.createObjectURL(file)
    setUrl(made)
    return () => URL.revokeObjectURL(made)
  }, [file])

  return url ? <img src={url} alt="" /> : null
}
