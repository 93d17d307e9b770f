/** @roamhq/wrtc: Google's libwebrtc for Node. */
import wrtc from '@roamhq/wrtc'
import { BACK_PRESSURE } from '../harness/back-pressure.mjs'
import { w3cEnd } from './support/w3c-end.mjs'

export const name = 'wrtc'
export const modes = ['reliable', 'ordered', 'unreliable']

/** Milliseconds between two looks at what waits: its `bufferedamountlow` stays away when packets of 16 KB wait. */
const LOOK = 1

export function createEnd(options) {
  const end = w3cEnd(wrtc.RTCPeerConnection, options)
  end.drained = async (mode) => {
    while (end.buffered(mode) > BACK_PRESSURE[mode].low) await new Promise((resolve) => setTimeout(resolve, LOOK))
  }
  return end
}
