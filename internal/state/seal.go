package state

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"hash/crc32"
)

// Lines of the journal and of the file of closed orders are JSON objects whose
// last member is a checksum over all that stands before it:
//
//	{"n":3,"outcome":{…},"sum":"1a2b3c4d"}
//
// It is the CRC-32C of everything before `,"sum":`. It tells damage, not
// forgery: that is what the audit log is for.
const (
	sumStart = `,"sum":"`
	sumEnd   = `"}`
	sumSize  = len(sumStart) + 8 + len(sumEnd)
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// seal makes a line, newline included, of a value that encodes as an object
// with at least one member.
func seal(v any) ([]byte, error) {
	body, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	body = body[:len(body)-1] // the brace comes after the sum
	return append(appendSum(body, body), '\n'), nil
}

func appendSum(line, body []byte) []byte {
	sum := crc32.Checksum(body, castagnoli)
	line = append(line, sumStart...)
	line = hex.AppendEncode(line, []byte{byte(sum >> 24), byte(sum >> 16), byte(sum >> 8), byte(sum)})
	return append(line, sumEnd...)
}

// sealed reports whether a line without its newline is as seal made it.
func sealed(line []byte) bool {
	if len(line) < sumSize {
		return false
	}
	body := line[:len(line)-sumSize]
	return bytes.Equal(line[len(body):], appendSum(make([]byte, 0, sumSize), body))
}
