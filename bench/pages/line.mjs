/** Calls and signals between the two ends of a connection, in both directions, over WebSockets that the page server joins. The same in a page and in Node. */
export class Line {
  handlers = {}
  onSignal = () => undefined
  #socket
  #calls = new Map()
  #next = 0

  constructor(socket) {
    this.#socket = socket
    socket.onmessage = ({ data }) => void this.#take(JSON.parse(data))
  }

  signal = (signal) => this.#send({ signal })

  call = (name, value) =>
    new Promise((resolve, reject) => {
      this.#calls.set(++this.#next, { resolve, reject })
      this.#send({ call: this.#next, name, value })
    })

  async #take({ signal, call, name, reply, value, error }) {
    if (signal !== undefined) this.onSignal(signal)
    else if (call !== undefined) {
      try {
        this.#send({ reply: call, value: await this.handlers[name](value) })
      } catch (error) {
        this.#send({ reply: call, error: String(error?.message ?? error) })
      }
    } else {
      const { resolve, reject } = this.#calls.get(reply)
      this.#calls.delete(reply)
      if (error === undefined) resolve(value)
      else reject(new Error(error))
    }
  }

  #send(message) {
    this.#socket.send(JSON.stringify(message))
  }
}
