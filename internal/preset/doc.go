// Package preset holds what is known of the exports of other programs: how their
// headers are recognized, what their columns are called in which language, and the
// attributes of a batch that reads them.
//
// A preset is a folder below data, and another preset is another folder:
//
//	header.json  what recognizes the export: see preset.go for its members
//	batch.hcl    attributes of a batch, which package config reads
//	sample.csv   an export as the program writes it, with made-up data
//
// It promises that
//   - no preset is guessed: if several fit a header, all of them are named;
//   - a preset is recognized by its header alone, whatever the order of its columns.
//
// Read preset.go first, then header.go.
package preset
