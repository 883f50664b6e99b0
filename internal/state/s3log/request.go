package s3log

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// atOnce is how many requests of one call are under way at most.
const atOnce = 32

// What a request can find. Everything else is an error of the store or on the way
// to it.
var (
	errMissing  = errors.New("there is no such object")
	errOccupied = errors.New("there is such an object already")
	// errConflict is that the store did not want to tell: another write of the key was
	// under way.
	errConflict = errors.New("another write was under way")
	errChanged  = errors.New("the object has other bytes")
)

// object is what a listing says of an object.
type object struct {
	name string // behind the prefix that was listed
	etag string
	at   time.Time
}

// list returns at most so many objects with a prefix, behind a name, in the order of
// their names.
func (p *Place) list(ctx context.Context, prefix, behind string, most int32) ([]object, error) {
	objects, _, err := p.listPart(ctx, prefix, behind, most)
	return objects, err
}

// listPart also says whether there are more.
func (p *Place) listPart(ctx context.Context, prefix, behind string, most int32) (objects []object, more bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	client, err := p.connect(ctx, reading)
	if err != nil {
		return nil, false, err
	}
	in := &s3.ListObjectsV2Input{Bucket: &p.bucket, Prefix: aws.String(p.path(prefix)), MaxKeys: &most}
	if behind != "" {
		in.StartAfter = aws.String(p.path(prefix, behind))
	}
	out, err := client.ListObjectsV2(ctx, in)
	if err != nil {
		return nil, false, p.failure(ctx, reading, err)
	}
	objects = make([]object, 0, len(out.Contents))
	for _, o := range out.Contents {
		name := strings.TrimPrefix(aws.ToString(o.Key), p.path(prefix))
		if len(objects) > 0 && name <= objects[len(objects)-1].name || name <= behind && behind != "" {
			return nil, false, fmt.Errorf("%s: the store lists objects in another order than that of their names", p)
		}
		objects = append(objects, object{name, aws.ToString(o.ETag), aws.ToTime(o.LastModified)})
	}
	if len(objects) == 0 && aws.ToBool(out.IsTruncated) {
		return nil, false, fmt.Errorf("%s: the store cut off a listing before its first object", p)
	}
	return objects, aws.ToBool(out.IsTruncated), nil
}

// listPage is how many objects stores list at once.
const listPage = 1000

// listAll returns all objects with a prefix.
func (p *Place) listAll(ctx context.Context, prefix string) ([]object, error) {
	var all []object
	for behind := ""; ; behind = all[len(all)-1].name {
		page, more, err := p.listPart(ctx, prefix, behind, listPage)
		if err != nil {
			return nil, err
		}
		if all = append(all, page...); !more {
			return all, nil
		}
	}
}

// get returns an object's bytes, and what the store calls them.
func (p *Place) get(ctx context.Context, name string, timeout time.Duration) (data []byte, etag string, err error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	client, err := p.connect(ctx, reading)
	if err != nil {
		return nil, "", err
	}
	out, err := client.GetObject(ctx, &s3.GetObjectInput{Bucket: &p.bucket, Key: aws.String(p.path(name))})
	if missing := (*types.NoSuchKey)(nil); errors.As(err, &missing) {
		return nil, "", errMissing
	}
	if statusOf(err) == http.StatusForbidden {
		// Whoever may list some prefixes only is not told which objects are missing.
		if listed, listErr := p.list(ctx, name, "", 1); listErr == nil && (len(listed) == 0 || listed[0].name != "") {
			return nil, "", errMissing
		}
	}
	if err != nil {
		return nil, "", p.failure(ctx, reading, err)
	}
	defer out.Body.Close()
	data, err = io.ReadAll(out.Body)
	if err == nil && out.ContentLength != nil && int64(len(data)) != *out.ContentLength {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, "", p.failure(ctx, reading, err)
	}
	return data, aws.ToString(out.ETag), nil
}

// create makes an object where none is, in one attempt. The error is errOccupied or
// errConflict if the store says so.
func (p *Place) create(ctx context.Context, name string, data []byte) (etag string, err error) {
	return p.put(ctx, &s3.PutObjectInput{Key: aws.String(p.path(name)), IfNoneMatch: aws.String("*")}, data, requestTimeout)
}

// write makes an object, whether there is one or not.
func (p *Place) write(ctx context.Context, name string, data []byte, timeout time.Duration) error {
	_, err := p.put(ctx, &s3.PutObjectInput{Key: aws.String(p.path(name))}, data, timeout)
	return err
}

func (p *Place) put(ctx context.Context, in *s3.PutObjectInput, data []byte, timeout time.Duration) (etag string, err error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	client, err := p.connect(ctx, writing)
	if err != nil {
		return "", err
	}
	in.Bucket, in.Body, in.ContentLength = &p.bucket, bytes.NewReader(data), aws.Int64(int64(len(data)))
	if strings.HasSuffix(*in.Key, ".json") {
		in.ContentType = aws.String("application/json")
	}
	out, err := client.PutObject(ctx, in)
	switch statusOf(err) {
	case http.StatusPreconditionFailed:
		return "", errOccupied
	case http.StatusConflict:
		return "", errConflict
	}
	if err != nil {
		return "", p.failure(ctx, writing, err)
	}
	return aws.ToString(out.ETag), nil
}

// remove removes an object. That it is not there is no error.
func (p *Place) remove(ctx context.Context, name string) error {
	return p.removeObject(ctx, &s3.DeleteObjectInput{Key: aws.String(p.path(name))})
}

// removeBytes removes an object as long as it has these bytes, on stores that know
// such a condition.
func (p *Place) removeBytes(ctx context.Context, name, etag string) error {
	return p.removeObject(ctx, &s3.DeleteObjectInput{Key: aws.String(p.path(name)), IfMatch: aws.String(etag)})
}

func (p *Place) removeObject(ctx context.Context, in *s3.DeleteObjectInput) error {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	client, err := p.connect(ctx, removing)
	if err != nil {
		return err
	}
	in.Bucket = &p.bucket
	_, err = client.DeleteObject(ctx, in)
	switch {
	case err == nil, codeOf(err) == "NoSuchKey":
		return nil
	case statusOf(err) == http.StatusPreconditionFailed:
		return errChanged
	}
	return p.failure(ctx, removing, err)
}
