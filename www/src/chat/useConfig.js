import { useEffect, useState } from 'react'

/** What the chatflow's owner has set for chat pages; `null` until it is known, and where it cannot be read. */
export function useConfig(flowise) {
  const [config, setConfig] = useState(null)

  useEffect(() => {
    let wanted = true
    setConfig(null)
    flowise.chatbotConfig().then(
      (told) => wanted && setConfig(told),
      // The chat works without it.
      () => {},
    )
    return () => {
      wanted = false
    }
  }, [flowise])

  return config
}

/** Which files the chatflow takes, as the `accept` of a file input; empty if none. */
export function acceptedFiles(config) {
  const uploads = config?.uploads
  if (!uploads) return ''
  const types = []
  if (uploads.isImageUploadAllowed) types.push(...(uploads.imgUploadSizeAndTypes ?? []).flatMap(({ fileTypes }) => fileTypes))
  if (uploads.fullFileUpload?.status) types.push(...(uploads.fullFileUpload.allowedUploadFileTypes ?? '').split(','))
  if (uploads.isRAGFileUploadAllowed) types.push(...(uploads.fileUploadSizeAndTypes ?? []).flatMap(({ fileTypes }) => fileTypes))
  return [...new Set(types.filter(Boolean))].join(',')
}
