/** Which files a question may include. */

/**
 * Returns the file types that the chatflow accepts, as the `accept` of a file input; empty if none.
 *
 * Pictures are part of the question. Other files go to `/attachments`, if `fullFileUpload` is on. Files for a
 * vector store are not offered: a page without an API key cannot upload them.
 */
export function acceptedFiles(config) {
  const { uploads, fullFileUpload } = config ?? {}
  const types = []
  if (uploads?.isImageUploadAllowed) types.push(...(uploads.imgUploadSizeAndTypes ?? []).flatMap(({ fileTypes }) => fileTypes))
  // Flowise accepts all types if the owner has listed none.
  if (fullFileUpload?.status) types.push(...(fullFileUpload.allowedUploadFileTypes || '*/*').split(','))
  return [...new Set(types.map((type) => type.trim()).filter(Boolean))].join(',')
}

/** Whether a file matches `accept`. A file input checks this itself; dropped and pasted files need the check. */
export function isAccepted(file, accept) {
  return accept.split(',').some((type) => {
    if (type.startsWith('.')) return file.name.toLowerCase().endsWith(type.toLowerCase())
    return type === '*/*' || type === file.type || (type.endsWith('/*') && file.type.startsWith(type.slice(0, -1)))
  })
}
