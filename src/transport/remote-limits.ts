/** Candidates that one connection takes; a machine with many interfaces has ten or twenty. libdatachannel takes any number, blocking the event loop (20,000 for 1.9 s). */
export const MAX_REMOTE_CANDIDATES = 128

/** Characters of a session description. One of ours has about 500, a browser's with many candidates a few thousand. */
export const MAX_SDP_LENGTH = 64 * 1024
