package s3log

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/gdfctl/gdfctl/internal/endpoint"
	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// Attributes are what a block of this backend can say.
var Attributes = []string{"bucket", "prefix", "region", "endpoint"}

// defaultPrefix is where the log is kept in its bucket if nothing else is said.
const defaultPrefix = "gdfctl-state/main"

// Place implements sharedlog.Place.
type Place struct {
	bucket   string
	prefix   string           // without a slash at the end
	region   string           // empty: of the environment
	endpoint string           // empty: AWS's
	tenant   *sharedlog.Block // whose variables count alone; nil: what this process has

	mu          sync.Mutex
	client      *s3.Client // nil until it is needed
	credentials aws.CredentialsProvider
	idle        func() // closes connections that nobody uses
	closed      bool
	last        kept               // the record that was read or appended last
	beginning   chan started       // what is being found out for Start; nil: nothing
	known       sharedlog.Position // that of the newest record that was seen in the log
}

// kept is a record, and what the store calls its bytes.
type kept struct {
	raw  sharedlog.Raw
	etag string
}

// The names that AWS and the others allow, as far as they are safe in a path.
var (
	bucketName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*[A-Za-z0-9]$`)
	prefixName = regexp.MustCompile(`^[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$`)
	regionName = regexp.MustCompile(`^[a-z0-9-]+$`)
)

// maxWord is how long the name of a region and the code of an error can be.
const maxWord = 60

// Configured returns the place that a block names. It touches neither the network
// nor files: the connection is made when it is first needed.
func Configured(block sharedlog.Block) (sharedlog.Place, *backend.Mistake) {
	p := &Place{bucket: block.Attributes["bucket"], prefix: defaultPrefix, known: sharedlog.Before}
	if block.Environ != nil {
		p.tenant = &block
	}
	if p.bucket == "" {
		return nil, &backend.Mistake{Attribute: "bucket", Summary: "The backend has no bucket", Detail: `Write the name of the bucket in which the state is kept: bucket = "our-gdfctl".`}
	}
	if !bucketName.MatchString(p.bucket) || len(p.bucket) < 3 || len(p.bucket) > 63 {
		return nil, &backend.Mistake{Attribute: "bucket", Summary: "The bucket's name is not valid", Detail: "Write the name alone: 3 to 63 letters, digits, dots, hyphens and underscores."}
	}
	if prefix, said := block.Attributes["prefix"]; said {
		if !prefixName.MatchString(prefix) || len(prefix) > 500 {
			return nil, &backend.Mistake{Attribute: "prefix", Summary: "The prefix is not valid", Detail: `Write names with slashes between them, like "shop/main": letters, digits, dots, hyphens and underscores, with no slash at the beginning or the end.`}
		}
		p.prefix = prefix
	}
	if block.Log != sharedlog.State {
		p.prefix += "/" + string(block.Log)
	}
	if region, said := block.Attributes["region"]; said {
		if !regionName.MatchString(region) || len(region) > maxWord {
			return nil, &backend.Mistake{Attribute: "region", Summary: "The region is not valid", Detail: `Write it as AWS does, like "eu-central-1", or leave it out to take it from AWS_REGION.`}
		}
		p.region = region
	}
	if address, said := block.Attributes["endpoint"]; said {
		base, err := endpoint.Parse(address)
		if err != nil {
			return nil, &backend.Mistake{
				Attribute: "endpoint", Summary: "The endpoint is not valid",
				Detail: "Write the address of the S3 service, beginning with https:// and without the bucket. Plain http is for this machine only. Credentials are taken from the environment.",
			}
		}
		p.endpoint = base.String()
	}
	return p, nil
}

func (p *Place) String() string {
	name := "s3://" + p.bucket + "/" + p.prefix
	if p.endpoint != "" {
		name += " at " + endpoint.Shown(p.endpoint)
	}
	return name
}

// Prepare implements sharedlog.Place. There is nothing to make: whoever may write
// objects need not be allowed to make buckets.
func (p *Place) Prepare(ctx context.Context) error {
	_, err := p.connect(ctx, writing)
	return err
}

// Pace implements sharedlog.Place.
func (p *Place) Pace() time.Duration { return 0 }

var errClosed = errors.New("the connection to the state's bucket was closed")

// Close implements sharedlog.Place.
func (p *Place) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	if p.idle != nil {
		p.idle()
	}
	return nil
}

// saw remembers the newest record that is known to be in the log.
func (p *Place) saw(r sharedlog.Raw, etag string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last = kept{r, etag}
	p.known = r.Position()
}

func (p *Place) knows(prev sharedlog.Position) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.known == prev
}

// remembered is the record with this number, if it was the last one that was read or
// appended, and the store still has the same bytes.
func (p *Place) remembered(n int64, etag string) (sharedlog.Raw, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.last.raw, p.last.etag != "" && p.last.etag == etag && p.last.raw.N == n
}

// path is a key below the prefix.
func (p *Place) path(parts ...string) string { return p.prefix + "/" + strings.Join(parts, "") }
