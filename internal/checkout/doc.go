// Package checkout asks git about the commits of a configuration's directory:
// which one is checked out, which came before it, and what files another one has.
//
// It promises that
//   - nothing of the repository is changed: no file, no ref, no index;
//   - nothing that the repository configures is run: no hook, no monitor, no pager;
//   - a history that is not all there is an error, never a short answer;
//   - a name that can mean several commits is an error: whoever can push can push a
//     tag that is called like a branch.
//
// Read checkout.go, and tree.go for the files.
package checkout
