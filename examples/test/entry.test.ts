test('the examples are built', () => {
  expect(import.meta.url).toMatch(/dist-test/)
})

export {}
