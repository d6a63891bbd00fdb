// Both entries of the package, for the test to call.

import * as main from 'flowise-stream'
import * as slim from 'flowise-stream/slim'

Object.assign(window, { main, slim })
