// Package json prints reports for programs. Any report is an object whose
// members have a name in a tag; no other shape of it is made here.
//
// What it promises: one object, or one per line; its lists are written element
// by element, so that a long one costs no memory; and nothing in it acts on a
// terminal or a CI system that reads along.
//
// Read object.go first.
package json
