package postgres

// Newest is the version of the schema.
const Newest = newest
