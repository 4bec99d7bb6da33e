console.log('nothing to count yet')
