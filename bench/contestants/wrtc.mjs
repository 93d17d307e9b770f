/** @roamhq/wrtc: Google's libwebrtc for Node. */
import wrtc from '@roamhq/wrtc'
import { w3cEnd } from './support/w3c-end.mjs'

export const name = 'wrtc'
export const modes = ['reliable', 'ordered', 'unreliable']

export const createEnd = (options) => w3cEnd(wrtc.RTCPeerConnection, options)
