test('the entry loads', async () => {
  expect(await import('@troupe/transport-node')).toBeDefined()
})

export {}
