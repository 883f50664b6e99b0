package s3log

import (
	"context"
	"net"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go/logging"

	"github.com/gdfctl/gdfctl/internal/endpoint"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// anyRegion is for services with an endpoint of their own, which have none, or take
// this name for it.
const anyRegion = "us-east-1"

// requestTimeout bounds each request, and valueTimeout those that carry a value,
// which can have many megabytes.
const (
	requestTimeout = 30 * time.Second
	valueTimeout   = 2 * time.Minute
	connectTimeout = 10 * time.Second
)

// connect returns the client, and makes sure that there are credentials. They come
// from where the AWS SDK looks for them: the environment, files, roles.
func (p *Place) connect(ctx context.Context, what act) (*s3.Client, error) {
	client, credentials, err := p.configure(ctx)
	if err != nil {
		return nil, err
	}
	if credentials == nil || p.tenant != nil && !p.hasKey() {
		return nil, p.withoutCredentials(what)
	}
	// They are kept, and renewed when they expire. Asked for here, what is wrong with
	// them can't be taken for something that happened on the way to the store.
	if _, err := credentials.Retrieve(ctx); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, p.withoutCredentials(what)
	}
	return client, nil
}

func (p *Place) configure(ctx context.Context) (*s3.Client, aws.CredentialsProvider, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, nil, errClosed
	}
	if p.client != nil {
		return p.client, p.credentials, nil
	}
	web := awshttp.NewBuildableClient().WithDialerOptions(func(d *net.Dialer) { d.Timeout = connectTimeout }).WithTransportOptions(speakHTTP1)
	cfg, err := p.ofTenant(web), error(nil)
	if p.tenant == nil {
		cfg, err = config.LoadDefaultConfig(ctx, func(o *config.LoadOptions) error {
			o.Region = p.region      // empty: of the environment
			o.Logger = logging.Nop{} // standard error is the program's
			o.HTTPClient = web
			return nil
		})
	}
	if err != nil {
		if ctx.Err() != nil {
			return nil, nil, ctx.Err()
		}
		return nil, nil, &sharedlog.RefusedError{
			Place: p.String(), Reason: "the configuration of AWS on this machine can't be read",
			Remedy: "Look at AWS_PROFILE and the other variables that begin with AWS_, and at the files ~/.aws/config and ~/.aws/credentials.",
		}
	}
	var refused *sharedlog.RefusedError
	client := s3.NewFromConfig(cfg, func(o *s3.Options) {
		if p.endpoint != "" {
			o.BaseEndpoint = aws.String(p.endpoint)
		}
		if o.BaseEndpoint != nil { // or the environment's
			if _, err := endpoint.Parse(*o.BaseEndpoint); err != nil {
				refused = &sharedlog.RefusedError{Place: p.String(), Reason: "the endpoint of the environment is not valid: " + err.Error(), Remedy: "Look at AWS_ENDPOINT_URL and AWS_ENDPOINT_URL_S3."}
			}
			o.UsePathStyle = true
			if o.Region == "" {
				o.Region = anyRegion
			}
		}
		if o.Region == "" {
			refused = &sharedlog.RefusedError{Place: p.String(), Reason: "no region is known", Remedy: `Write region = "eu-central-1", or whichever the bucket is in, into the backend block, or set AWS_REGION.`}
		}
		// The signature covers the body already. Of further checksums many services know
		// nothing.
		o.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenRequired
		o.ResponseChecksumValidation = aws.ResponseChecksumValidationWhenRequired
		// Whoever appends decides what is repeated. Asking for credentials may be.
		o.Retryer = aws.NopRetryer{}
		transport := speakHTTP1Of(cfg.HTTPClient)
		o.HTTPClient = roundTrips{transport}
		p.idle = transport.CloseIdleConnections
	})
	if refused != nil {
		return nil, nil, refused
	}
	p.client, p.credentials = client, cfg.Credentials
	return p.client, p.credentials, nil
}

// speakHTTP1 keeps away HTTP/2, which sends requests again on its own after some
// errors of a stream.
func speakHTTP1(t *http.Transport) {
	t.Protocols = new(http.Protocols)
	t.Protocols.SetHTTP1(true)
	t.MaxIdleConnsPerHost = atOnce
}

// speakHTTP1Of is the transport of the client that was configured, which trusts the
// certificates that AWS_CA_BUNDLE names.
func speakHTTP1Of(client aws.HTTPClient) *http.Transport {
	if c, ok := client.(*awshttp.BuildableClient); ok {
		return c.GetTransport()
	}
	t := awshttp.NewBuildableClient().GetTransport()
	speakHTTP1(t)
	return t
}

// roundTrips carries requests, and follows no redirect: that would hand a signed
// request to another host.
type roundTrips struct{ *http.Transport }

func (r roundTrips) Do(req *http.Request) (*http.Response, error) { return r.RoundTrip(req) }
