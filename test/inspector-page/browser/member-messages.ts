/** What one connection has to say to the one at its other end. */
export type Signal =
  | { readonly is: 'description'; readonly type: 'offer' | 'answer'; readonly sdp: string }
  | { readonly is: 'candidate'; readonly media: string; readonly index: number; readonly name: string }

/** What the test tells the process of a member. */
export type ToMember =
  /** Add that peer to the mesh; one of the two offers. */
  | { readonly is: 'add'; readonly peer: number; readonly offers: boolean }
  | { readonly is: 'signal'; readonly peer: number; readonly signal: Signal }
  /** Stand still until SIGCONT. */
  | { readonly is: 'stand-still' }

/** What the process of a member tells; `at` is its `Date.now()` when that happened. */
export type FromMember =
  | { readonly is: 'reporting' }
  | { readonly is: 'signal'; readonly peer: number; readonly signal: Signal }
  /** Every channel to that peer is open; it is not announced yet. */
  | { readonly is: 'open'; readonly peer: number; readonly at: number }
  /** The mesh has announced that peer. */
  | { readonly is: 'connected'; readonly peer: number; readonly at: number }
  | { readonly is: 'disconnected'; readonly peer: number; readonly at: number }
