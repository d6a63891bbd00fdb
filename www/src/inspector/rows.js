/** Groups the recorder's entries for the list: by question, and consecutive events of one name into one row. */

/**
 * Returns runs of `{ key, start, end, rows }`: one for each question, and one for the entries before the first. A row is
 * `{ key, kind, name, entries }`: consecutive events of one name, or one entry of another kind.
 */
export function runsOf(entries) {
  const runs = []
  for (const entry of entries) {
    const { key, kind, name, at } = entry
    if (runs.length === 0 || kind === 'ask') runs.push({ key, start: at, end: at, rows: [] })
    const run = runs.at(-1)
    const row = run.rows.at(-1)
    // A connection may be lost and restored long after the answer.
    if (kind !== 'note') run.end = at
    if (kind === 'event' && row?.kind === kind && row.name === name) row.entries.push(entry)
    else run.rows.push({ key, kind, name, entries: [entry] })
  }
  return runs
}

/** The last `most` rows of the runs, as runs. */
export function lastRows(runs, most) {
  const kept = []
  let left = most
  for (const run of runs.toReversed()) {
    if (left <= 0) break
    const rows = run.rows.slice(-left)
    left -= rows.length
    kept.unshift({ ...run, rows })
  }
  return kept
}

const SORTS = {
  text: ['start', 'token', 'thinking'],
  tool: ['tool', 'calledTools', 'usedTools', 'artifacts', 'fileAnnotations'],
  source: ['sourceDocuments'],
  agent: [
    'agentReasoning',
    'nextAgent',
    'nextAgentFlow',
    'agentFlowEvent',
    'agentFlowExecutedData',
    'agent_trace',
    'action',
  ],
  failure: ['error', 'abort'],
}
const SORT_OF = new Map(Object.entries(SORTS).flatMap(([sort, names]) => names.map((name) => [name, sort])))

/** The kind of an event, which selects its colour. */
export const sortOf = (name) => SORT_OF.get(name) ?? 'other'
