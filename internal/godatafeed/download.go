package godatafeed

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// Limits of a download. A feed of a million products takes its time, so only
// rest is bounded tightly: by the client's timeout.
const (
	maxDownload     = 8 << 30 // bytes, decompressed
	maxDownloadTime = 2 * time.Hour
)

// DownloadFeed hands a feed's file, CSV or tab-delimited text, to read as a
// stream. A file that is cut off is fetched again from its beginning, three
// times at most, and each time read is called again: what it made of the file
// before is to be dropped. Each attempt takes a call of the limit.
//
// Only a complete file is success, whatever read makes of it; what read
// leaves is read to its end. An error of read itself ends the download at once,
// and shows through errors.Is. IsNotFound reports that there is no such feed,
// IsPage that an HTML page came instead of the file, with each attempt.
func (c *Client) DownloadFeed(ctx context.Context, id string, read func(file io.Reader) error) error {
	if id == "" {
		return invalid(OpDownloadFeed, "the feed's ID is empty")
	}
	r := request{op: OpDownloadFeed, method: http.MethodGet, path: []string{"feeds", id, "download"}}
	return c.repeat(ctx, r, func(ctx context.Context, token string, waited time.Duration) *Error {
		return c.download(ctx, r, token, waited, read)
	})
}

// download makes one attempt.
func (c *Client) download(
	ctx context.Context, r request, token string, waited time.Duration, read func(io.Reader) error,
) *Error {
	call := Call{Op: r.op, Sent: c.now(), Waited: waited}
	defer func() {
		call.Duration = c.now().Sub(call.Sent)
		c.onCall(call)
	}()
	bounded, stop := context.WithTimeoutCause(ctx, maxDownloadTime, fmt.Errorf("not complete after %s", maxDownloadTime))
	defer stop()
	bounded, cancel := context.WithCancelCause(bounded)
	defer cancel(nil)
	rest := time.AfterFunc(c.timeout, func() { cancel(fmt.Errorf("nothing came for %s", c.timeout)) })
	defer rest.Stop()

	resp, sent, err := c.send(bounded, r, token)
	if err != nil {
		return c.transportError(ctx, bounded, r.op, err, sent)
	}
	defer func() { _ = resp.Body.Close() }()
	call.Status, call.Date = resp.StatusCode, answeredAt(resp.Header)
	resp.Body = &restless{ReadCloser: resp.Body, timer: rest, limit: c.timeout}
	if call.Status != http.StatusOK {
		return c.rejected(r, c.readReply(ctx, bounded, r.op, resp), token)
	}
	c.tokens.worked(token)

	body := bufio.NewReaderSize(resp.Body, 64<<10)
	head, _ := body.Peek(512) // its error comes again with the reading
	contentType := resp.Header.Get("Content-Type")
	if page := isPage(contentType, head); page || isAnswer(contentType, head) {
		resp.Body = struct {
			io.Reader
			io.Closer
		}{body, resp.Body}
		return c.notAFile(r, c.readReply(ctx, bounded, r.op, resp), page)
	}
	return readFile(ctx, r, read, &fileBody{
		from: body, length: resp.ContentLength,
		broken: func(err error) *Error { return c.transportError(ctx, bounded, r.op, err, true) },
	})
}

// readFile lets the caller read the file, and sees that it came whole.
func readFile(ctx context.Context, r request, read func(io.Reader) error, file *fileBody) *Error {
	err := read(file)
	if err == nil {
		_, err = io.Copy(io.Discard, file)
	}
	switch {
	case file.failed != nil:
		return file.failed // the caller's error is this one, or came of it
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return file.broken(err)
	}
	return &Error{Op: r.op, Reason: err.Error(), cause: err}
}

// fileBody is the body of an answer as its reader sees it: it ends with io.EOF
// only if all of it came.
type fileBody struct {
	from   io.Reader
	length int64 // as the answer's head says; -1 if it doesn't
	read   int64
	broken func(error) *Error
	failed *Error
}

func (f *fileBody) Read(p []byte) (int, error) {
	if f.failed != nil {
		return 0, f.failed
	}
	n, err := f.from.Read(p)
	f.read += int64(n)
	if errors.Is(err, io.EOF) && f.length > f.read {
		err = io.ErrUnexpectedEOF
	}
	switch {
	case f.read > maxDownload:
		f.failed = &Error{Op: OpDownloadFeed, Reason: fmt.Sprintf("the file is larger than %d GiB", maxDownload>>30)}
	case errors.Is(err, io.EOF):
		return n, io.EOF
	case err == nil:
		return n, nil
	default:
		f.failed = f.broken(err)
	}
	return n, f.failed
}

// isPage tells a page of HTML, as a proxy or a login gives it, from a file. A feed
// in XML is a file.
func isPage(contentType string, head []byte) bool {
	return strings.Contains(strings.ToLower(contentType), "html") || bytes.HasPrefix(start(head), []byte("<")) && !isXML(head)
}

func isXML(head []byte) bool {
	head = bytes.ToLower(start(head))
	if bytes.Contains(head, []byte("<!doctype html")) || bytes.Contains(head, []byte("<html")) {
		return false
	}
	for _, first := range []string{"<?xml", "<rss", "<feed"} {
		if bytes.HasPrefix(head, []byte(first)) {
			return true
		}
	}
	return false
}

// isAnswer tells one of the API's JSON answers from a file.
func isAnswer(contentType string, head []byte) bool {
	head = start(head)
	return bytes.HasPrefix(head, []byte("{")) &&
		(strings.Contains(strings.ToLower(contentType), "json") || bytes.Contains(bytes.ToLower(head), []byte(`"success"`)))
}

// start is where the text of a file begins.
func start(head []byte) []byte {
	return bytes.TrimSpace(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")))
}

// notAFile is the error for what came in the place of a file.
func (c *Client) notAFile(r request, rep reply, page bool) *Error {
	if page && rep.broken == nil {
		return &Error{
			Op: r.op, Status: rep.status, Reason: statusText(rep.status) + ", but an HTML page came instead of the file",
			Message: c.quoted(r, rep), again: fault, page: true,
		}
	}
	var a acceptance
	if failed := c.understand(r, rep, &a); failed != nil {
		return failed
	}
	return &Error{
		Op: r.op, Status: rep.status, Reason: "the API answered without the file",
		Message: c.foreign(string(a.Message)), again: fault,
	}
}

// restless lets a timer run while a body is waited for, and only then: a slow
// disk is not the API's fault.
type restless struct {
	io.ReadCloser
	timer *time.Timer
	limit time.Duration
}

func (r *restless) Read(p []byte) (int, error) {
	r.timer.Reset(r.limit)
	n, err := r.ReadCloser.Read(p)
	r.timer.Stop()
	return n, err
}
