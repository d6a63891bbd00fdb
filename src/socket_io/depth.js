/** Whether arrays and objects are nested deeper than this many levels. */
export const isDeeper = (value, levels) =>
  value !== null &&
  typeof value === 'object' &&
  !ArrayBuffer.isView(value) &&
  (levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1)))
