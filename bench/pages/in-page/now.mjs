/** The clock of harness/now.mjs in a page: that of the page server's process. */
let offset = 0

export const now = () => performance.now() + offset

/** Questions; the quickest answer tells best. */
const QUESTIONS = 10

/** Sets the clock by that of the server, which answers every message with its time. */
export async function setClock(socket) {
  let quickest = Infinity
  for (let i = 0; i < QUESTIONS; i++) {
    const asked = performance.now()
    const answer = new Promise((resolve) => (socket.onmessage = resolve))
    socket.send('clock')
    const { data } = await answer
    const answered = performance.now()
    if (answered - asked >= quickest) continue
    quickest = answered - asked
    offset = Number(data) - (asked + answered) / 2
  }
}
