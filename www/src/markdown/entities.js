const ENTITY = /&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,31});/gi

let element

/** `&amp;` and its like as the characters that they stand for. */
export function decodeEntities(text) {
  if (!text.includes('&')) return text
  return text.replace(ENTITY, (entity) => {
    // The browser knows all names. What it is given is one entity, which no markup can hide in.
    element ??= document.createElement('textarea')
    element.innerHTML = entity
    return element.value
  })
}
