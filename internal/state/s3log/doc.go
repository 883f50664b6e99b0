// Package s3log keeps a shared log in a bucket of S3, or of anything else that
// speaks S3 and has conditional writes.
//
// It promises what sharedlog.Place asks. All of it rests on two promises of the
// store: of several writes of one key with If-None-Match: * one succeeds, and what
// was written is read and listed from then on. Prove tries both. Below the prefix:
//
//	log/NNNNNNNNNNNNNNNN.json          the record of this number
//	trimmed/NNNNNNNNNNNNNNNN           the records before this number, but 0, are gone
//	snapshots/NNNNNNNNNNNNNNNN-HASH    the record of this number and hash is a snapshot
//	values/HASH-RANDOM                 a value; put twice, it is there twice
//	probe/RANDOM                       for a moment, while Prove runs
//
// No object is ever written over. Numbers have a fixed width, so that a listing is
// in their order.
//
// Where a record was trimmed, the store lets another one be created. Such an object
// is not part of the log: only what is not below the newest number in trimmed/ is.
// That number is written before the first removal, and read after whatever it is
// to judge: after the record was created, after it was read. So it does not matter
// how long a writer slept.
//
// Read place.go for what a block can say, append.go for the one operation in which
// everything can go wrong, trim.go for the end at which records go.
package s3log
