/** An error as plain data: it survives `JSON.stringify`, `structuredClone` and storage, which lose the text of an `Error`. */
export function plainError(error) {
  const { name = 'Error', message = String(error), code, status } = error ?? {}
  const plain = { name, message }
  if (code !== undefined) plain.code = code
  if (status !== undefined) plain.status = status
  return Object.freeze(plain)
}
