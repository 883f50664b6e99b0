package s3log

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// The key, the profile and the role of the machine are not for its tenants.
func TestATenantsBucketGetsNothingOfTheProcess(t *testing.T) {
	files := t.TempDir()
	credentials := filepath.Join(files, "credentials")
	if err := os.WriteFile(credentials, []byte("[default]\naws_access_key_id = machine\naws_secret_access_key = machine\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": "machine", "AWS_SECRET_ACCESS_KEY": "machine", "AWS_SESSION_TOKEN": "machine", "AWS_REGION": "eu-machine-1",
		"AWS_ENDPOINT_URL": "https://machine.example", "AWS_SHARED_CREDENTIALS_FILE": credentials, "AWS_EC2_METADATA_DISABLED": "true",
	} {
		t.Setenv(name, value)
	}
	at := func(own ...string) *Place {
		t.Helper()
		place, mistake := Configured(sharedlog.Block{Attributes: map[string]string{"bucket": "shop", "region": "eu-central-1"}, Log: sharedlog.State, Environ: append([]string{}, own...)})
		if mistake != nil {
			t.Fatal(mistake)
		}
		return place.(*Place)
	}
	_, err := at("AWS_PROFILE=default").connect(t.Context(), writing)
	if refused := (*sharedlog.RefusedError)(nil); !errors.As(err, &refused) || refused.Reason != "the workspace's env_file has no key for it" {
		t.Errorf("%v", err)
	}
	p := at("AWS_ACCESS_KEY_ID=a", "AWS_SECRET_ACCESS_KEY=s", "AWS_REGION=eu-own-1")
	client, err := p.connect(t.Context(), writing)
	if err != nil {
		t.Fatal(err)
	}
	key, err := p.credentials.Retrieve(t.Context())
	if err != nil || key.AccessKeyID != "a" || key.SecretAccessKey != "s" || key.SessionToken != "" {
		t.Errorf("%v, %v", key.AccessKeyID, err)
	}
	if o := client.Options(); o.Region != "eu-central-1" || o.BaseEndpoint != nil {
		t.Errorf("%s, %v", o.Region, o.BaseEndpoint)
	}
	p = at("AWS_ACCESS_KEY_ID=a", "AWS_SECRET_ACCESS_KEY=s", "AWS_ENDPOINT_URL_S3=https://own.example")
	if client, err = p.connect(t.Context(), writing); err != nil || *client.Options().BaseEndpoint != "https://own.example" {
		t.Errorf("%v", err)
	}
}
