/** The JavaScript in a Markdown file. */

const BLOCK = /^```(\w+)\n(.*?)^```/gms
const SCRIPT = /<script>(.*?)<\/script>/gs

/**
 * @param {string} markdown
 * @returns {{ line: number, language: string, code: string }[]} the code blocks, and the scripts of those that are pages, as modules
 */
export function examples(markdown) {
  return [...markdown.matchAll(BLOCK)].flatMap(({ index, 1: language, 2: text }) => {
    const line = markdown.slice(0, index).split('\n').length
    if (language === 'html') return [...text.matchAll(SCRIPT)].map(([, code]) => ({ line, language: 'js', code: module(code) }))
    return ['js', 'jsx', 'ts', 'tsx'].includes(language) ? [{ line, language, code: module(text) }] : []
  })
}

/** Wraps an example in an async function: it may await, and its names stay its own. */
const module = (code) => `${code}\nexport {}\n`
