# One seller of many. Its state is shared, since any machine of the agents can run it.

gdfctl {
  required_version = ">= 0.1"

  # `gdfctl state init` begins a state and prints its line.
  backend "postgres" {
    state = "5812eb29"
    url   = env.GDF_STATE_URL
    name  = "seller-17"
  }
}

# Without consumer_key, the key is GDF_CONSUMER_KEY of the workspace's env_file.
account "main" {
  timezone = "America/New_York"
}

standing "walmart-acknowledge" {
  live         = { source = "Walmart", status = "new", older_than = "10m" }
  status       = "acknowledged"
  order_number = "S17-${live.source_order_number}"
  max_per_run  = 200
}

notify "operations" {
  webhook   = env.GDF_WEBHOOK
  secret    = env.GDF_WEBHOOK_SECRET
  heartbeat = env.GDF_HEARTBEAT
  on        = ["schedule_failing", "unknown", "refused", "config_refused", "config_stale"]
}
