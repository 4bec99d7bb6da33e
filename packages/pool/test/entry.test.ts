test('the entry loads', async () => {
  expect(await import('@troupe/pool')).toBeDefined()
})

export {}
