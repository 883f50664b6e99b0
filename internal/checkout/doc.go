// Package checkout asks git about the commits of a configuration's directory:
// which one is checked out, and which came before it.
//
// It promises that
//   - nothing of the repository is changed: no file, no ref, no index;
//   - nothing that the repository configures is run: no hook, no monitor, no pager;
//   - a history that is not all there is an error, never a short answer.
//
// Read checkout.go.
package checkout
