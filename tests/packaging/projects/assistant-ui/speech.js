/** An adapter of assistant-ui: the server of the flow speaks an answer. */
export const speechOf = (flowise) => ({
  speak(text) {
    const listeners = new Set()
    const audio = new Audio()
    const stream = flowise.speak(text)
    const become = (status) => {
      if (utterance.status.type === 'ended') return
      utterance.status = status
      listeners.forEach((listener) => listener())
    }
    const end = (reason, error) => {
      stream.abort()
      audio.pause()
      become({ type: 'ended', reason, error })
    }
    const play = async () => {
      const pieces = []
      let type
      for await (const { event, data } of stream) {
        if (event === 'tts_start') type = `audio/${data.format}`
        if (event === 'tts_data') pieces.push(Uint8Array.from(atob(data.audioChunk), (byte) => byte.charCodeAt(0)))
      }
      if (utterance.status.type === 'ended') return
      audio.onended = () => end('finished')
      audio.src = URL.createObjectURL(new Blob(pieces, { type }))
      await audio.play()
      become({ type: 'running' })
    }
    const utterance = {
      status: { type: 'starting' },
      cancel: () => end('cancelled'),
      subscribe: (listener) => {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    }
    play().catch((error) => end('error', error))
    return utterance
  },
})
