/** A value as text: servers usually send strings, but sometimes objects in the same place. */
export const inWords = (value) =>
  value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value, null, 2)
