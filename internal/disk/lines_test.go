package disk

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"
)

// Lines of any length are found from the end of the file.
func TestLastLine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lengths := rapid.SliceOfN(rapid.SampledFrom([]int{0, 1, 100, 1<<14 - 1, 1 << 14, 1<<16 + 3}), 0, 5).Draw(t, "lines")
		torn := rapid.SampledFrom([]int{0, 1, 1 << 14, 1<<15 + 1}).Draw(t, "torn")
		var data, last []byte
		for i, n := range lengths {
			last = bytes.Repeat([]byte{byte('a' + i)}, n)
			data = append(append(data, last...), '\n')
		}
		end := int64(len(data))
		data = append(data, bytes.Repeat([]byte("t"), torn)...)
		got, at, err := LastLine(bytes.NewReader(data), int64(len(data)))
		if err != nil || at != end || !bytes.Equal(got, last) {
			t.Fatalf("%d bytes, ends at %d of %d, %v", len(got), at, end, err)
		}
	})
}
