/** The same, with workers that are threads. */
import { runOn } from '../support/place.js'

runOn('thread')
await import('../stories/python-hangs.test.js')
