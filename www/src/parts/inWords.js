/** A value as text: servers send strings in most places, and objects in some of them. */
export const inWords = (value) =>
  value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value, null, 2)
