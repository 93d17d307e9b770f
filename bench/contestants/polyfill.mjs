/** The browsers' classes that node-datachannel brings itself. */
import { polyfill } from './support/node-datachannel.mjs'
import { w3cEnd } from './support/w3c-end.mjs'

export const name = 'polyfill'
export const modes = ['reliable', 'ordered', 'unreliable']

const { RTCPeerConnection } = polyfill()

export const createEnd = (options) => w3cEnd(RTCPeerConnection, options)
