import { FlowiseError } from '#snippet/error.js'

/** Makes of files what the member `uploads` of a prediction takes; `attach(form)` lets the server take the text out of some. */
export async function toUploads(files, { chatId, mode = 'auto' } = {}, attach) {
  if (typeof chatId !== 'string') {
    throw new FlowiseError('`upload` needs the `chatId` of the conversation that the files are for', 'config')
  }
  const given = files instanceof Blob ? [files] : [...files]
  const isInline = ({ type }) => mode === 'inline' || (mode === 'auto' && /^(image|audio)\//.test(type))
  const form = new FormData()
  for (const file of given) if (!isInline(file)) form.append('files', file, file.name)
  // the reply has them in the order in which they were sent
  const texts = form.has('files') ? [...(await attach(form))] : []
  return Promise.all(
    given.map(async (file) => {
      if (isInline(file)) {
        return { type: file.type.startsWith('audio/') ? 'audio' : 'file', name: file.name, mime: file.type, data: await dataUri(file) }
      }
      const { name, mimeType, content } = texts.shift()
      return { type: 'file:full', name, mime: mimeType, data: content }
    }),
  )
}

const dataUri = (file) =>
  new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(reader.result)
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(file)
  })
