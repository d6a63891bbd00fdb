// The copy of socket.io-client inside the crate, for the crate's own tests.

import * as client from '../vendor/socket.io.js'
import { provide } from './provided.js'

/** Provides the copy of socket.io-client inside the crate. */
export const bundled = () => provide(client)
