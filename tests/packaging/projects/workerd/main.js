import * as flowise from 'flowise-stream'

import { workerWith } from './worker.js'

export default workerWith(flowise)
