// `Flowise.upload`: files as the `uploads` of a question.

import { FlowiseError } from '#snippet/error.js'

/** Turns files into the `uploads` of a prediction. `attach(form)` has the server extract the text of some of them. */
export async function toUploads(files, { chatId, mode = 'auto' } = {}, attach) {
  if (typeof chatId !== 'string') {
    throw new FlowiseError('`upload` needs the `chatId` of the conversation that the files are for', 'config')
  }
  const given = files instanceof Blob ? [files] : [...(files ?? [])]
  if (!given.every((file) => file instanceof Blob)) throw new FlowiseError('`upload` takes a File, or a list of them', 'config')
  const isInline = ({ type }) => mode === 'inline' || (mode === 'auto' && /^(image|audio)\//.test(type))
  const form = new FormData()
  for (const file of given) if (!isInline(file)) form.append('files', file, file.name)
  // the reply keeps the order of the request
  const asked = form.getAll('files').length
  const texts = asked > 0 ? await attach(form) : []
  if (asked > 0 && texts?.length !== asked) throw new FlowiseError("the server's reply does not list the files", 'protocol')
  const read = texts.values()
  return Promise.all(
    given.map(async (file) => {
      if (isInline(file)) {
        return { type: file.type.startsWith('audio/') ? 'audio' : 'file', name: file.name, mime: file.type, data: await dataUri(file) }
      }
      const { name, mimeType, content } = read.next().value ?? {}
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
