// What runs in the page: an end, driven by the bench.
import * as library from 'webrtc-multiplayer'
import { OurEnd, PlainEnd } from './ends.mjs'

let end
globalThis.bench = {
  open: (contestant, offers) => {
    end = new (contestant === 'ours' ? OurEnd : PlainEnd)(library, offers, (signal) => globalThis.sendSignal(signal))
  },
  take: (signal) => end.take(signal),
  isOpen: () => end.isOpen,
  flood: (size, milliseconds) => end.flood(size, milliseconds),
  seen: () => ({ received: end.received, lastAt: end.lastAt, now: performance.now() }),
  close: () => end.close(),
}
