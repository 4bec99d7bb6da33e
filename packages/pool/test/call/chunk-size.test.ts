import { chunkSizeFor } from '../../dist/call/chunk-size.js'

test.each([
  [0, 4, 1],
  [10, 4, 1],
  [16, 4, 1],
  [17, 4, 2],
  [100, 4, 7],
  [1000, 8, 32],
  [1, 1, 1],
  [5, 1, 2],
])('%i items on %i workers go in chunks of %i, as in Python', (items, workers, size) => {
  expect(chunkSizeFor(items, workers)).toBe(size)
})
