import { useEffect, useState } from 'react'

/** The owner's settings for chat pages; `null` until they arrive, and if they cannot be read. */
export function useConfig(flowise) {
  const [config, setConfig] = useState(null)

  useEffect(() => {
    let wanted = true
    setConfig(null)
    flowise.chatbotConfig().then(
      (told) => wanted && setConfig(told),
      // The chat works without the settings.
      () => {},
    )
    return () => {
      wanted = false
    }
  }, [flowise])

  return config
}
