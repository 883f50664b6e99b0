package stores

import (
	"net/http"
	"testing"
)

func TestS3(t *testing.T) {
	one, other := S3(t), S3(t)
	if one.Name == other.Name || one.Endpoint != other.Endpoint {
		t.Errorf("buckets %s and %s on %s and %s", one.Name, other.Name, one.Endpoint, other.Endpoint)
	}
	resp, err := http.Get(one.Endpoint + "/" + one.Name)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusForbidden {
		t.Errorf("an unsigned request is answered %s", resp.Status)
	}
}
