import { useEffect, useState } from 'react'

/** The form that the flow begins with; `undefined` until it arrives, and if there is none. */
export function useStartForm(startForm) {
  const [form, setForm] = useState()

  useEffect(() => {
    let wanted = true
    setForm(undefined)
    startForm().then(
      (found) => wanted && setForm(found),
      // Without an answer, the page assumes a flow that takes questions.
      () => {},
    )
    return () => {
      wanted = false
    }
  }, [startForm])

  return form
}
