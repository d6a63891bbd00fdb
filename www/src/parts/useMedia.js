import { useMemo, useSyncExternalStore } from 'react'

/** Whether a media query holds. */
export function useMedia(query) {
  const media = useMemo(() => matchMedia(query), [query])
  const subscribe = useMemo(
    () => (listener) => {
      media.addEventListener('change', listener)
      return () => media.removeEventListener('change', listener)
    },
    [media],
  )
  return useSyncExternalStore(subscribe, () => media.matches)
}
