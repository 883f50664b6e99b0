package s3log

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

var _ sharedlog.Clocked = (*Place)(nil)

// Clock implements sharedlog.Clocked: the Date of an answer.
func (p *Place) Clock(ctx context.Context) (time.Time, error) {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	client, err := p.connect(ctx, reading)
	if err != nil {
		return time.Time{}, err
	}
	out, err := client.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: &p.bucket, Prefix: aws.String(p.path(logPrefix)), MaxKeys: aws.Int32(1)})
	if err != nil {
		return time.Time{}, p.failure(ctx, reading, err)
	}
	at, _ := middleware.GetServerTime(out.ResultMetadata)
	return at, nil
}
