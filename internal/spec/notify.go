package spec

// Notify says which messages are sent where.
type Notify struct {
	Name   string
	Format string   // one of NotifyFormats
	On     []string // of NotifyEvents, in their order; never empty

	Webhook       string // secret and not checked; empty if its variable is not set
	WebhookFrom   string // the environment variable; empty if the address is in the file
	Heartbeat     string // called after each good run of an agent: likewise secret; empty if there is none, or its variable is not set
	HeartbeatFrom string // the environment variable; empty if the address is in the file
	Secret        string // signs messages; empty if its variable is not set
	SecretFrom    string // the environment variable; empty if the secret is in the file
}

// NotifyEvents are the events that a notify block can name.
var NotifyEvents = []string{"feed_failed", "feed_recovered", "unknown", "refused", "held", "refused_later", "not_taken", "drifted", "schedule_failing", "config_refused", "config_stale"}

// NotifyFormats are the ways in which a message can be written.
var NotifyFormats = []string{"json", "slack"}
