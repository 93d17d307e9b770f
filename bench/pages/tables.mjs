/** What the works of pages have in common. */
/** In the order of the tables. */
export const CONTESTANTS = ['plain', 'ours', 'peerjs', 'peerjs:raw', 'trystero']

export const BACK_PRESSURE_NOTE =
  'At most 512 KiB wait at the sender, as its channel says; at Trystero, which hides its channel, 64 KiB, counted in sends that it has not resolved.'
