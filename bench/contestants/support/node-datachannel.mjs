/** The very copy of node-datachannel that this package runs on, not the one that rivals bring. */
import { createRequire } from 'node:module'

const require = createRequire(new URL('../../../dist/index.js', import.meta.url))

export default require('node-datachannel')
/** Its imitation of the browsers' classes. */
export const polyfill = () => require('node-datachannel/polyfill')
