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
