package feedfile

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"path"
	"strings"
)

// The compressions of a Spec. CompressionFound is what the file's first bytes
// say.
const (
	CompressionFound = ""
	CompressionNone  = "none"
	CompressionGzip  = "gzip"
	CompressionZip   = "zip"
)

// notCompressed is what is wrong with a file that is not compressed as the Spec
// says.
var notCompressed = map[string]string{CompressionGzip: "it is not a gzip file", CompressionZip: "it is not a zip file"}

// unpack returns what a file holds. problem is what is wrong with the archive.
func unpack(in *bufio.Reader, told string) (text io.Reader, problem string, err error) {
	head, err := in.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, "", err
	}
	found := CompressionNone
	switch {
	case bytes.HasPrefix(head, []byte("\x1f\x8b")):
		found = CompressionGzip
	case bytes.Equal(head, []byte("PK\x03\x04")), bytes.Equal(head, []byte("PK\x05\x06")):
		found = CompressionZip
	}
	switch {
	case told == CompressionNone, told == CompressionFound && found == CompressionNone:
		return in, "", nil
	case told != CompressionFound && told != found:
		return nil, notCompressed[told], nil
	case found == CompressionZip:
		return &zipReader{in: in}, "", nil
	}
	z, err := gzip.NewReader(in)
	if err != nil {
		return nil, "", err
	}
	return z, "", nil
}

// archiveError is what is wrong with an archive, in words of gdfctl's own.
type archiveError string

func (e archiveError) Error() string { return string(e) }

// archiveProblem says what an error of a decompressor means: that the archive is
// damaged. Where the file itself could not be read, it is no such error.
func archiveProblem(err error, source *sourceErrors) (string, bool) {
	var own archiveError
	switch {
	case source.err != nil && !errors.Is(source.err, io.EOF):
		return "", false
	case errors.As(err, &own):
		return string(own), true
	}
	var corrupt flate.CorruptInputError
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, gzip.ErrChecksum) || errors.Is(err, gzip.ErrHeader) || errors.As(err, &corrupt) || source.err != nil {
		return "the archive is damaged or cut off", true
	}
	return "", false
}

// sourceErrors notes how the reading of a file ends.
type sourceErrors struct {
	r   io.Reader
	err error
}

func (s *sourceErrors) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if err != nil {
		s.err = err
	}
	return n, err
}

// zipReader unpacks the one file of a zip archive as it comes. The list of files
// at the archive's end is not needed for that, and would have to be waited for.
type zipReader struct {
	in   *bufio.Reader
	file io.Reader // the file that is read; nil before
	crc  uint32
	head zipHeader
	err  error
}

type zipHeader struct {
	Flags, Method, Time, Date uint16
	CRC, Packed, Size         uint32
	NameLen, ExtraLen         uint16
}

const (
	zipEncrypted  = 1 << 0
	zipDescriptor = 1 << 3 // CRC and sizes come behind the file
)

func (z *zipReader) Read(p []byte) (int, error) {
	if z.err != nil {
		return 0, z.err
	}
	if z.file == nil {
		if z.err = z.open(); z.err != nil {
			return 0, z.err
		}
	}
	n, err := z.file.Read(p)
	z.crc = crc32.Update(z.crc, crc32.IEEETable, p[:n])
	if errors.Is(err, io.EOF) {
		err = z.end()
	}
	z.err = err
	return n, err
}

// open finds the first file that is no folder, as some programs put before.
func (z *zipReader) open() error {
	for {
		name, err := z.next()
		switch {
		case errors.Is(err, io.EOF):
			return archiveError("there is no file in the zip archive")
		case err != nil:
			return err
		case strings.HasSuffix(name, "/") && z.head.Packed == 0:
			continue
		case z.head.Flags&zipEncrypted != 0:
			return archiveError("the zip archive is encrypted")
		case z.head.Method == 8:
			z.file = flate.NewReader(z.in)
		case z.head.Method == 0 && z.head.Flags&zipDescriptor == 0:
			z.file = io.LimitReader(z.in, int64(z.head.Packed))
		default:
			return archiveError("the zip archive is packed in a way that gdfctl does not read: use deflate")
		}
		return nil
	}
}

// next reads the header of the next file of the archive; io.EOF if there is none.
func (z *zipReader) next() (name string, err error) {
	mark, err := z.in.Peek(4)
	if err != nil || !bytes.Equal(mark, []byte("PK\x03\x04")) {
		if errors.Is(err, io.EOF) || err == nil {
			err = io.EOF
		}
		return "", err
	}
	_, _ = z.in.Discard(6) // the mark and a version
	if err := binary.Read(z.in, binary.LittleEndian, &z.head); err != nil {
		return "", cutOff(err)
	}
	text := make([]byte, int(z.head.NameLen)+int(z.head.ExtraLen))
	if _, err := io.ReadFull(z.in, text); err != nil {
		return "", cutOff(err)
	}
	return string(text[:z.head.NameLen]), nil
}

// end checks the file that was read, and that it is the only one. It returns
// io.EOF if all is well.
func (z *zipReader) end() error {
	want := z.head.CRC
	if z.head.Flags&zipDescriptor != 0 {
		mark, err := z.in.Peek(4)
		if err != nil {
			return cutOff(err)
		}
		if bytes.Equal(mark, []byte("PK\x07\x08")) {
			_, _ = z.in.Discard(4)
		}
		if err := binary.Read(z.in, binary.LittleEndian, &want); err != nil {
			return cutOff(err)
		}
		if err := z.skipSizes(); err != nil {
			return err
		}
	}
	if want != z.crc {
		return archiveError("the archive is damaged or cut off")
	}
	for {
		name, err := z.next()
		if errors.Is(err, io.EOF) {
			if mark, _ := z.in.Peek(2); !bytes.Equal(mark, []byte("PK")) {
				return archiveError("the archive is damaged or cut off")
			}
			_, err = io.Copy(io.Discard, z.in)
			if err == nil {
				err = io.EOF
			}
			return err
		}
		if err != nil {
			return err
		}
		// macOS packs a file of its own beside each.
		if !strings.HasPrefix(name, "__MACOSX/") && !strings.HasPrefix(path.Base(name), ".") && !strings.HasSuffix(name, "/") {
			return archiveError("the zip archive holds several files")
		}
		if z.head.Flags&zipDescriptor == 0 {
			if _, err := io.CopyN(io.Discard, z.in, int64(z.head.Packed)); err != nil {
				return cutOff(err)
			}
			continue
		}
		if _, err := io.Copy(io.Discard, flate.NewReader(z.in)); err != nil {
			return err
		}
		if mark, err := z.in.Peek(4); err != nil {
			return cutOff(err)
		} else if bytes.Equal(mark, []byte("PK\x07\x08")) {
			_, _ = z.in.Discard(4)
		}
		if _, err := z.in.Discard(4); err != nil {
			return cutOff(err)
		}
		if err := z.skipSizes(); err != nil {
			return err
		}
	}
}

// skipSizes passes the two sizes behind a file's CRC, of 4 bytes each, or of 8 in
// large archives: the next mark tells.
func (z *zipReader) skipSizes() error {
	for _, n := range []int{8, 16} {
		next, err := z.in.Peek(n + 2)
		if err != nil {
			return cutOff(err)
		}
		if string(next[n:]) == "PK" {
			_, err = z.in.Discard(n)
			return err
		}
	}
	return archiveError("the archive is damaged or cut off")
}

func cutOff(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
