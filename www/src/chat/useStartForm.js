import { useEffect, useState } from 'react'

/** The form that the flow begins with; `undefined` until it is known, and where there is none. */
export function useStartForm(startForm) {
  const [form, setForm] = useState()

  useEffect(() => {
    let wanted = true
    setForm(undefined)
    startForm().then(
      (found) => wanted && setForm(found),
      // A server that does not tell takes questions.
      () => {},
    )
    return () => {
      wanted = false
    }
  }, [startForm])

  return form
}
