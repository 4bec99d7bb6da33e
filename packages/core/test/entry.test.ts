test('the entry loads', async () => {
  expect(await import('@troupe/core')).toBeDefined()
})

export {}
