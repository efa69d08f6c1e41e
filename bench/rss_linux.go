package main

// rssUnit is the unit of a resource usage's resident set, in bytes.
const rssUnit = 1 << 10
