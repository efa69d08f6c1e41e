// Package bookfile takes a book file through an allocation: from the CSV of
// instructions that came in, and the terms, to the tally that the allocation
// decides on, and from the decision to a CSV with one row for each instruction.
//
// It touches files and decides nothing about acceptance: which tenders count,
// and on which side of the deadlines they fell, is settled here; what is
// accepted of them is package allocation's.
//
// # Method
//
// A book is read in blocks, by as many workers as there are processors, and is
// never kept. The first reading splits each block into rows, checks every row,
// counts tenders that are alike (a class: series, timing, bid, principal), and
// keeps 12 bytes a row: the number of its class, and where its names stand.
// Instruction ids leave a 64-bit hash each; equal hashes are looked up in the file again and compared byte by
// byte, since equal hashes are not equal ids. Withdrawals and deliveries are
// then applied to the tenders they refer to, and the classes go to the tally
// for the allocation to decide. The second reading copies each row's names and
// puts the text of its class behind them. The texts of classes that come often
// are made once, before it; the others with each row.
//
// The output does not depend on the size of the blocks, the number of workers
// or the order in which they finish.
//
// # Memory
//
// About 20 bytes a row, 12 of which last until the output is written; in place
// of the others come kept texts, 4 bytes a row as books are and at most 13. Some
// 40 bytes a class (with what the allocation keeps of it; 120 for one that bids
// or is of an unusual size), and a few megabytes of buffers. Rows that are not
// alike any other stand by themselves: withdrawals, deliveries, guarantees,
// conditional tenders and the tenders that others refer to take about 300 bytes
// each. Where the terms decide between single tenders (allocation.Tally.OneByOne,
// or payment by participant) every tender is such a row.
package bookfile
