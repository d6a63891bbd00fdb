const { act, createElement } = require('react')
const { createRoot } = require('react-dom/client')

globalThis.IS_REACT_ACT_ENVIRONMENT = true

exports.act = act
exports.render = (component) => {
  const element = document.createElement('div')
  act(() => createRoot(element).render(createElement(component)))
  return element
}
