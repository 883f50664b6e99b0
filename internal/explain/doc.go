// Package explain puts together what is known of one order by all of its numbers: rows
// of tables, the state, the audit log, the live order, and what a plan decides.
//
// It promises:
//   - Orders differ by account and ID. What names an order only by a number is
//     shown with each order that the number fits.
//   - It decides nothing: what happens next is what the plan says that it is given.
//   - A cell of a table is compared, and never kept.
//
// Read subject.go for what is known of an order, collect.go for how it is found,
// next.go for what a plan says.
package explain
