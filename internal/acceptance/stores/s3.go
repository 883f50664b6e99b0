package stores

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
)

// Bucket is an empty bucket on a real S3 gateway, and who may use it.
type Bucket struct {
	Endpoint, Region, Name string
	AccessKey, Secret      string
	Folder                 string // where the gateway keeps its objects, a file each
}

// Env are the variables by which the AWS SDK finds the credentials, and nothing
// else.
func (b Bucket) Env() map[string]string {
	return map[string]string{
		"AWS_ACCESS_KEY_ID": b.AccessKey, "AWS_SECRET_ACCESS_KEY": b.Secret, "AWS_SESSION_TOKEN": "",
		"AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull, "AWS_PROFILE": "", "AWS_EC2_METADATA_DISABLED": "true",
	}
}

var (
	gateway = sync.OnceValues(startGateway)
	buckets atomic.Int64
)

// S3 returns an empty bucket.
func S3(t testing.TB) Bucket {
	t.Helper()
	if _, err := built("versitygw"); err != nil {
		skip(t, "the S3 gateway is missing: %v", err)
	}
	g, err := gateway()
	if err != nil {
		t.Fatal(err)
	}
	b := g.Bucket
	b.Name = fmt.Sprintf("test-%d", buckets.Add(1))
	// The gateway shows a folder as a bucket.
	b.Folder = filepath.Join(g.root, b.Name)
	if err := os.Mkdir(b.Folder, 0o700); err != nil {
		t.Fatal(err)
	}
	return b
}

type gatewayServer struct {
	Bucket
	root string
}

func startGateway() (gatewayServer, error) {
	program, err := built("versitygw")
	if err != nil {
		return gatewayServer{}, err
	}
	folder, err := os.MkdirTemp("", "gdf-s3-")
	if err != nil {
		return gatewayServer{}, err
	}
	address, err := FreeAddress()
	if err != nil {
		return gatewayServer{}, err
	}
	g := gatewayServer{
		Bucket{Endpoint: "http://" + address, Region: "us-east-1", AccessKey: "GATEWAYACCESSKEY", Secret: "gateway-secret-key-of-tests"},
		filepath.Join(folder, "buckets"),
	}
	if err := os.Mkdir(g.root, 0o700); err != nil {
		return gatewayServer{}, err
	}
	env := []string{"ROOT_ACCESS_KEY=" + g.AccessKey, "ROOT_SECRET_KEY=" + g.Secret}
	return g, start(address, folder, env, program, "--port", address, "--keep-alive", "--quiet", "posix", g.root)
}
