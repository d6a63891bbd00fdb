const ENTITY = /&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,31});/gi

let element

/** Decodes HTML entities such as `&amp;`. */
export function decodeEntities(text) {
  if (!text.includes('&')) return text
  return text.replace(ENTITY, (entity) => {
    // The browser knows all entity names. The input is a single entity, so it cannot contain markup.
    element ??= document.createElement('textarea')
    element.innerHTML = entity
    return element.value
  })
}
