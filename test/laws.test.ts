test('placeholder', () => {})

export {}
