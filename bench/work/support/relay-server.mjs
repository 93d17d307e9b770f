/** The servers of the relay that the bench of the API measures too, in a process that ends with the one that started it. */
import '../../api/server-process.mjs'

process.once('disconnect', () => process.exit(0))
