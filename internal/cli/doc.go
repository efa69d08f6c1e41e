// Package cli is the command line: it reads arguments and files, calls the
// packages that compute, and prints what they answer.
//
// Data goes to standard output, messages to standard error. A command ends with
// 0 when it is done, 1 when the world failed it, 2 when it was used wrongly and
// 3 when its input was refused, with every problem listed.
package cli
