/** The files that a question may have. */

/**
 * Returns the file types that the chatflow accepts, as the `accept` of a file input; empty if none.
 *
 * Pictures go along in the question, other files to `/attachments`, which takes them where `fullFileUpload` is on. Files for a
 * vector store are not offered: from a page that has no key of the server's they cannot be sent there.
 */
export function acceptedFiles(config) {
  const { uploads, fullFileUpload } = config ?? {}
  const types = []
  if (uploads?.isImageUploadAllowed) types.push(...(uploads.imgUploadSizeAndTypes ?? []).flatMap(({ fileTypes }) => fileTypes))
  // Flowise takes all types where the owner has named none.
  if (fullFileUpload?.status) types.push(...(fullFileUpload.allowedUploadFileTypes || '*/*').split(','))
  return [...new Set(types.map((type) => type.trim()).filter(Boolean))].join(',')
}

/** Is the file one of those in `accept`? A chooser asks this itself; what is dropped or pasted comes unasked. */
export function isAccepted(file, accept) {
  return accept.split(',').some((type) => {
    if (type.startsWith('.')) return file.name.toLowerCase().endsWith(type.toLowerCase())
    return type === '*/*' || type === file.type || (type.endsWith('/*') && file.type.startsWith(type.slice(0, -1)))
  })
}
