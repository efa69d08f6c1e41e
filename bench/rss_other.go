//go:build unix && !linux

package main

// rssUnit is the unit of a resource usage's resident set, in bytes: macOS
// counts bytes, and so do we elsewhere until someone needs better.
const rssUnit = 1
