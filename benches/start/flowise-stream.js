import { connect } from 'flowise-stream'

export const open = (url) => connect(url, { chatflowId: 'benchmark' })
