// Package junit prints reports in the form in which CI systems show tests.
//
// What it promises: the XML is valid against the schema that Jenkins' xunit
// plugin checks files with, and holds no character that XML forbids.
//
// Read junit.go first: it has the elements.
package junit
