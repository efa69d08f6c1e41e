package sqlite

// OptionsForTests are Options that sync less (FULL if empty), or take the log into
// the file after fewer pages.
func OptionsForTests(synchronous string, checkpointPages int) Options {
	return Options{synchronous: synchronous, checkpointPages: checkpointPages}
}

// Newest is the version of the schema.
const Newest = newest
