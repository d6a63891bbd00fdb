/** Generates ids that no other answer has, in this page or an earlier one. */
export function idMaker() {
  const [high, low] = crypto.getRandomValues(new Uint32Array(2))
  const answer = `${high.toString(36)}${low.toString(36)}`
  let count = 0
  return () => `${answer}-${++count}`
}
