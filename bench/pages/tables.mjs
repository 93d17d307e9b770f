/** What the works of pages have in common. */
/** In the order of the tables. */
export const CONTESTANTS = ['plain', 'ours', 'peerjs', 'peerjs:raw', 'trystero']

export const BACK_PRESSURE_NOTE =
  'At most 512 KiB wait at the sender: in its channel, or with Trystero, which hides that, in sends that are not resolved yet.'
