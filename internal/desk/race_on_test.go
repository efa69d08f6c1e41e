//go:build race

package desk_test

// underRace: the stores are many times slower there, and the tests that count are
// about their clients.
const underRace = 8
