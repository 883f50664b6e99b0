package s3log

import (
	"cmp"
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go/logging"
)

// ofTenant is the configuration of a tenant of this machine: the key that its variables
// hold, and nothing else. The chain that the SDK follows by itself would end at files and
// roles that are the machine's.
func (p *Place) ofTenant(web aws.HTTPClient) aws.Config {
	if p.tenant == nil {
		return aws.Config{}
	}
	of := p.tenant.Variable
	cfg := aws.Config{
		Region: cmp.Or(p.region, of("AWS_REGION"), of("AWS_DEFAULT_REGION")), Logger: logging.Nop{}, HTTPClient: web,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: of("AWS_ACCESS_KEY_ID"), SecretAccessKey: of("AWS_SECRET_ACCESS_KEY"), SessionToken: of("AWS_SESSION_TOKEN"), Source: "env_file"}, nil
		}),
	}
	if address := cmp.Or(of("AWS_ENDPOINT_URL_S3"), of("AWS_ENDPOINT_URL")); address != "" {
		cfg.BaseEndpoint = aws.String(address)
	}
	return cfg
}

// hasKey reports whether a tenant has a key.
func (p *Place) hasKey() bool {
	return p.tenant.Variable("AWS_ACCESS_KEY_ID") != "" && p.tenant.Variable("AWS_SECRET_ACCESS_KEY") != ""
}
