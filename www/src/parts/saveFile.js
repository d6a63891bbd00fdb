/** Offers a blob as a file to save. */
export function saveFile(blob, name) {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // By then the download holds the data itself.
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
