/** Stores settings between visits, unless the browser forbids storage (private windows, blocked cookies). */

const PREFIX = 'flowise-stream.'

export function remembered(name) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + name))
  } catch {
    return null
  }
}

/** The storage for conversations. */
export const chatStorage = {
  getItem: (key) => localStorage.getItem(key),
  setItem: (key, value) => localStorage.setItem(key, value),
  removeItem: (key) => localStorage.removeItem(key),
}

/** `undefined` deletes the value. */
export function remember(name, value) {
  try {
    if (value === undefined) localStorage.removeItem(PREFIX + name)
    else localStorage.setItem(PREFIX + name, JSON.stringify(value))
  } catch {
    // The page works without storage.
  }
}
