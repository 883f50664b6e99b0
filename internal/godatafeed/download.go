package godatafeed

import (
	"bufio"
	"bytes"
	"context"
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

// DownloadFeed streams a feed's file, CSV or tab-delimited text, to w and
// returns the bytes written. It is repeated only while nothing was written. On
// error w may hold the beginning of the file; a file that was cut off is an
// error, as is an error page in its place. IsNotFound tells that there is no
// such feed.
func (c *Client) DownloadFeed(ctx context.Context, id string, w io.Writer) (int64, error) {
	if id == "" {
		return 0, invalid(OpDownloadFeed, "the feed's id is empty")
	}
	r := request{op: OpDownloadFeed, method: http.MethodGet, path: []string{"feeds", id, "download"}}
	var written int64
	err := c.repeat(ctx, r, func(ctx context.Context, token string, waited time.Duration) *Error {
		n, failed := c.download(ctx, r, token, waited, w)
		written = n
		if failed != nil && n > 0 {
			failed.again = never
		}
		return failed
	})
	return written, err
}

// download makes one attempt.
func (c *Client) download(
	ctx context.Context, r request, token string, waited time.Duration, w io.Writer,
) (written int64, failed *Error) {
	began, status := c.now(), 0
	defer func() {
		c.onCall(Call{Op: r.op, Status: status, Duration: c.now().Sub(began), Waited: waited})
	}()
	bounded, stop := context.WithTimeoutCause(ctx, maxDownloadTime, fmt.Errorf("not complete after %s", maxDownloadTime))
	defer stop()
	bounded, cancel := context.WithCancelCause(bounded)
	defer cancel(nil)
	rest := time.AfterFunc(c.timeout, func() { cancel(fmt.Errorf("nothing came for %s", c.timeout)) })
	defer rest.Stop()

	resp, sent, err := c.send(bounded, r, token)
	if err != nil {
		return 0, c.transportError(ctx, bounded, r.op, err, sent)
	}
	defer func() { _ = resp.Body.Close() }()
	status = resp.StatusCode
	resp.Body = &restless{ReadCloser: resp.Body, timer: rest, limit: c.timeout}
	if status != http.StatusOK {
		return 0, c.rejected(r, c.readReply(ctx, bounded, r.op, resp), token)
	}
	c.tokens.worked(token)
	return c.copyFeed(ctx, bounded, r, resp, w)
}

// copyFeed copies the file, once its beginning shows that it is one.
func (c *Client) copyFeed(
	ctx, bounded context.Context, r request, resp *http.Response, w io.Writer,
) (int64, *Error) {
	body := bufio.NewReaderSize(resp.Body, 64<<10)
	head, _ := body.Peek(512) // its error comes again with the reading
	if isAnswer(resp.Header.Get("Content-Type"), head) {
		resp.Body = struct {
			io.Reader
			io.Closer
		}{body, resp.Body}
		return 0, c.notAFile(r, c.readReply(ctx, bounded, r.op, resp))
	}
	out := &sink{w: w}
	n, err := io.Copy(out, io.LimitReader(body, maxDownload+1))
	if err == nil && resp.ContentLength > n && n <= maxDownload {
		err = io.ErrUnexpectedEOF
	}
	switch {
	case out.err != nil:
		return n, &Error{Op: r.op, Reason: "the file can't be written: " + out.err.Error(), cause: out.err}
	case n > maxDownload:
		return n, &Error{Op: r.op, Reason: fmt.Sprintf("the file is larger than %d GiB", maxDownload>>30)}
	case err != nil:
		return n, c.transportError(ctx, bounded, r.op, err, true)
	}
	return n, nil
}

// isAnswer tells an error page or one of the API's JSON answers from a file.
func isAnswer(contentType string, head []byte) bool {
	contentType = strings.ToLower(contentType)
	head = bytes.ToLower(bytes.TrimSpace(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))))
	switch {
	case strings.Contains(contentType, "html"),
		bytes.HasPrefix(head, []byte("<!doctype")), bytes.HasPrefix(head, []byte("<html")):
		return true
	case bytes.HasPrefix(head, []byte("{")):
		return strings.Contains(contentType, "json") || bytes.Contains(head, []byte(`"success"`))
	}
	return false
}

// notAFile is the error for what came in the place of a file.
func (c *Client) notAFile(r request, rep reply) *Error {
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

// sink keeps the error of its writer apart from those of the reader.
type sink struct {
	w   io.Writer
	err error
}

func (s *sink) Write(p []byte) (int, error) {
	n, err := s.w.Write(p)
	if err == nil && n < len(p) {
		err = io.ErrShortWrite
	}
	s.err = err
	return n, err
}
