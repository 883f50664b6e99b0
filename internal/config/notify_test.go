package config_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/spec"
)

func TestNotify(t *testing.T) {
	cfg := mustLoad(t, files{"main.hcl": anOrder + `
variable "on" { default = ["held"] }

notify "ops" {
  webhook = env.OPS_WEBHOOK
  secret  = env.OPS_SECRET
  on      = ["refused", "feed_failed", "refused"]
}
notify "chat" {
  webhook = env.CHAT
  format  = "slack"
}
notify "later" {
  webhook = env.NOT_SET
  secret  = env.NOT_SET_EITHER
  format  = null
  on      = var.on
}
`}, world{env: map[string]string{"OPS_WEBHOOK": " https://hooks.example.com/1\n", "OPS_SECRET": "s", "CHAT": "not an address"}})
	want := []*spec.Notify{
		{Name: "chat", Format: "slack", On: spec.NotifyEvents, Webhook: "not an address", WebhookFrom: "CHAT"},
		{Name: "later", Format: "json", On: []string{"held"}, WebhookFrom: "NOT_SET", SecretFrom: "NOT_SET_EITHER"},
		{
			Name: "ops", Format: "json", On: []string{"feed_failed", "refused"},
			Webhook: "https://hooks.example.com/1", WebhookFrom: "OPS_WEBHOOK", Secret: "s", SecretFrom: "OPS_SECRET",
		},
	}
	if diff := cmp.Diff(want, cfg.Notify); diff != "" {
		t.Error(diff)
	}
}

// What is taken from the environment can be wrong or missing: nobody is kept
// from shipping by it.
func TestAMissingWebhookIsNoError(t *testing.T) {
	_, diags := load(t, files{"main.hcl": anOrder + "notify \"n\" {\n  webhook = env.NOT_SET\n  format = \"slack\"\n}\n"}, world{})
	if len(diags) > 0 {
		t.Error(diags)
	}
}
