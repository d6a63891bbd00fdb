// Payloads in reliable shapes, whatever a flow's custom code sends.

/** The members of an answer that hold lists. */
export const LISTS = ['sourceDocuments', 'usedTools', 'artifacts', 'fileAnnotations', 'agentReasoning']

/** The objects of a list, which may be JSON text. Multi-agent flows send lists with nulls. */
export function listOf(value) {
  const list = typeof value === 'string' ? parse(value) : value
  return Array.isArray(list) ? list.filter((item) => item !== null && typeof item === 'object') : []
}

/** An action with its buttons; `undefined` if it has no usable buttons. */
export function actionOf(value) {
  const action = typeof value === 'string' ? parse(value) : value
  if (!Array.isArray(action?.elements)) return undefined
  const isButton = (element) => typeof element?.type === 'string' && typeof element.label === 'string'
  return { ...action, elements: action.elements.filter(isButton) }
}

/** Text unchanged, anything else as JSON. */
export function inWords(value) {
  if (typeof value === 'string') return value
  return value === undefined || value === null ? '' : JSON.stringify(value)
}

export function parse(text) {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
